using System.Text.Json;

namespace Hognose.LayoutMaker.Tables;

/// <summary>JSON with comments and trailing commas, as all files of this tool are written.</summary>
internal static class JsoncOptions
{
    public static JsonDocumentOptions Document { get; } = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
}
