namespace Hognose.CPython.Tests.Truth;

/// <summary>
/// Where we knowingly differ from the interpreter, each with the reason. docs/exactness.md has the same table with the counts measured.
/// </summary>
internal static class Exceptions
{
    private static readonly (Difference What, string Type, string Reason)[] Table =
    [
    ];

    public static bool Explain(Difference what, string type) => Table.Any(row => row.What == what && row.Type == type);
}
