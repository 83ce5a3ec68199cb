using System.Text.Json.Serialization;

namespace Hognose.LayoutMaker.Tables;

[JsonSerializable(typeof(string))]
internal sealed partial class ToolJson : JsonSerializerContext;
