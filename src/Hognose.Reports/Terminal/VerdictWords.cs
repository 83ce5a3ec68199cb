using Hognose.Insights.Resident;

namespace Hognose.Reports.Terminal;

/// <summary>A verdict as a sentence, and its remedy as another.</summary>
public static class VerdictWords
{
    public static string Sentence(ResidentAnswer answer)
    {
        var verdict = answer.Verdict;
        var much = $"{Quantities.Bytes(verdict.Bytes)}, {Quantities.Percent(verdict.Share)} of its own memory,";
        return verdict.Kind switch
        {
            VerdictKind.Held => $"Held: {much} is kept alive by {verdict.Who}.",
            VerdictKind.HeldTogether => $"Held: {much} is kept alive by {Quantities.Count(verdict.Objects)} objects of {verdict.Who}.",
            VerdictKind.Garbage => $"Uncollected garbage: {much} is {Quantities.Count(verdict.Objects, "object")} that nothing holds but the cycles they form.",
            VerdictKind.FrozenGarbage => $"Frozen garbage: {much} is {Quantities.Count(verdict.Objects, "object")} that nothing holds, but that gc.freeze() keeps out of collections.",
            VerdictKind.Fragmentation => $"Fragmentation: {much} is free within arenas of pymalloc that a few blocks keep from going back to the kernel.",
            VerdictKind.Retention => $"Retention by the allocator: {much} is free, and malloc keeps it.",
            VerdictKind.MallocFragmentation => $"Fragmentation of malloc's heap: {much} is free between blocks that are in use.",
            VerdictKind.Native when verdict.Who.Length > 0 => $"Native memory: {much} belongs to C code, most of it to {verdict.Who}.",
            VerdictKind.Native => $"Native memory: {much} belongs to C code, and no object, variable or library leads to most of it.",
            _ => $"Nothing stands out: {Ordinary(verdict.Largest)}",
        };
    }

    /// <summary>With the bounds, or it would be said of half of a small program that it is less than a quarter.</summary>
    private static string Ordinary(Verdict? largest)
    {
        var bounds = $"no single cause takes {Quantities.Percent(Verdict.LeastShare)} of its own memory and {Quantities.Bytes(Verdict.LeastOfObjects)} in objects, "
            + $"or {Quantities.Bytes(Verdict.LeastBytes)} else.";
        return largest is null ? bounds : $"{bounds} The largest: {Quantities.Bytes(largest.Bytes)}, {Quantities.Percent(largest.Share)}, {Cause(largest)}.";
    }

    private static string Cause(Verdict cause) => cause.Kind switch
    {
        VerdictKind.Held => $"kept alive by {cause.Who}",
        VerdictKind.HeldTogether => $"kept alive by {Quantities.Count(cause.Objects)} objects of {cause.Who}",
        VerdictKind.Garbage => "garbage that waits for a collection",
        VerdictKind.FrozenGarbage => "garbage that gc.freeze() keeps",
        VerdictKind.Fragmentation => "free within arenas of pymalloc",
        VerdictKind.Retention or VerdictKind.MallocFragmentation => "free in malloc's heap",
        _ => "memory of C code",
    };

    public static string Remedy(ResidentAnswer answer)
    {
        var verdict = answer.Verdict;
        return verdict.Kind switch
        {
            VerdictKind.Held => "If it only grows it is a leak: give it a bound, or let go of what is no longer needed.",
            VerdictKind.HeldTogether => "See who holds them: if they only become more it is a leak.",
            VerdictKind.Garbage => "gc.collect() frees it; see whether gc.disable() or high thresholds keep the collector from running.",
            VerdictKind.FrozenGarbage => "gc.unfreeze() and then gc.collect() would free it: collect before you freeze.",
            VerdictKind.Fragmentation when verdict.Returns > 0 =>
                $"{Quantities.Bytes(verdict.Returns)} would come back with the objects listed under \"Nearly empty arenas\": make them before the "
                + "work that comes and goes, copy them when it is over, or let a child process do that work.",
            VerdictKind.Fragmentation => "It serves the next objects of those sizes; only freeing what stands in the arenas gives it back.",
            VerdictKind.Retention =>
                $"ctypes.CDLL(None).malloc_trim(0) gives back {Quantities.Bytes(verdict.Returns)}; MALLOC_ARENA_MAX=2 and MALLOC_TRIM_THRESHOLD_ keep it from gathering.",
            VerdictKind.MallocFragmentation =>
                $"malloc_trim(0) would give back {Quantities.Bytes(verdict.Returns)} only; MALLOC_ARENA_MAX=2, or jemalloc by LD_PRELOAD, fragment less.",
            VerdictKind.Native => "Who allocates it is not to be seen from here: --native-allocations records it. See what the extension offers to free or bound its memory.",
            _ => "",
        };
    }
}
