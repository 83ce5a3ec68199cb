namespace Hognose.CPython.Tests.Truth;

/// <summary>
/// Where we knowingly differ from the interpreter: at most so many objects of a type, for a reason. docs/exactness.md has the same table
/// with the counts measured.
/// </summary>
internal static class Exceptions
{
    private const string StateArrays = "the module's traverse goes through C arrays behind its state, of which only the size is known";
    private const string Capsule = "a capsule's traverse function is C code: what it visits cannot be known from outside";

    private static readonly (Difference What, string Type, int Most, string Reason)[] Table =
    [
        (Difference.LackingReferent, "builtins.module", 2, StateArrays),
        (Difference.LackingReferent, "builtins.PyCapsule", 2, Capsule),
        (Difference.SurplusReferent, "builtins.dict", 1, "3.14 and 3.15 track the dict of interned strings, which the telling child changes"),
        (Difference.Missing, "_asyncio.FutureIter", 1, "3.12 reports its free list, whose objects are dead"),
    ];

    public static bool Explain(Difference what, string type, int count) =>
        Table.Any(row => row.What == what && row.Type == type && count <= row.Most);
}
