using System.Globalization;
using Hognose.Diagnostics;

namespace Hognose.Cli.Commands;

/// <summary>An object that a user names by its address.</summary>
internal static class ObjectChoice
{
    /// <summary>Null: it is the name of a type.</summary>
    public static ulong? Parse(string what) => what.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? Address(what) : null;

    /// <exception cref="CannotContinueException">It is none.</exception>
    public static ulong Address(string what) =>
        what.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        && ulong.TryParse(what.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var address)
            ? address
            : throw new CannotContinueException($"'{what}' is no address", "give it as a report prints it: 0x7f31c8a4d2c0");

    public static CannotContinueException Absent(ulong address) =>
        new($"no object stands at 0x{address:x}", "addresses are those of one moment: take one from a report just made");
}
