using System.Globalization;
using Hognose.Insights.Holding;

namespace Hognose.Reports.Terminal;

/// <summary>An object in a few words: "dict of 7", "function retry".</summary>
internal static class ObjectWords
{
    public static string Of(SeenObject seen)
    {
        var what = Names.Printable(seen.OwnName.Length == 0 ? seen.Type : $"{seen.Type} {seen.OwnName}");
        var sized = seen.Length < 0 ? what : $"{what} of {Quantities.Count(seen.Length)}";
        return seen.Value.Length == 0 ? sized : $"{sized} {Names.Printable(seen.Value)}";
    }

    public static string Address(ulong address) => string.Create(CultureInfo.InvariantCulture, $"0x{address:x}");
}
