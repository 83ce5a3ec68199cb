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
            VerdictKind.HeldByCalls => $"Held: {much} is kept alive by variables of {Quantities.Count(verdict.Objects)} calls of {verdict.Function}() under way: {verdict.Who}.",
            VerdictKind.Owned when verdict.IsMapped => $"Mapped: {much} is mapped by {Owner(verdict)}.",
            VerdictKind.Owned => $"Owned: {much} belongs to {Owner(verdict)}, beyond {(verdict.Objects == 1 ? "its own size" : "their own sizes")}.",
            VerdictKind.Shared => $"Shared memory: {much} is mapped, and no object leads to it{(verdict.Who.Length > 0 ? $"; most of it is {verdict.Who}" : "")}.",
            VerdictKind.Garbage => $"Uncollected garbage: {much} is {Quantities.Count(verdict.Objects, "object")} that nothing holds but the cycles they form.",
            VerdictKind.FrozenGarbage => $"Frozen garbage: {much} is {Quantities.Count(verdict.Objects, "object")} that nothing holds, but that gc.freeze() keeps out of collections.",
            VerdictKind.Fragmentation => $"Fragmentation: {much} is free within arenas of pymalloc that a few blocks keep from going back to the kernel.",
            VerdictKind.Retention => $"Retention by the allocator: {much} is free, and malloc keeps it.",
            VerdictKind.MallocFragmentation => $"Fragmentation of malloc's heap: {much} is free between blocks that are in use.",
            VerdictKind.Native when verdict.Who.Length > 0 => $"Native memory: {much} belongs to C code, most of it to {verdict.Who}.",
            VerdictKind.Native => $"Native memory: {much} belongs to C code, and no object, variable or library leads to most of it.",
            _ when answer.Most is var (kind, bytes) =>
                $"Mostly {ResidentRows.WordsOf(kind)}: {Quantities.Bytes(bytes)}, {Quantities.Percent(answer.ShareOf(bytes))} of all; {Ordinary(verdict.Largest)}",
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
        VerdictKind.HeldByCalls => $"kept alive by variables of {Quantities.Count(cause.Objects)} calls of {cause.Function}() under way",
        VerdictKind.Owned => $"{(cause.IsMapped ? "mapped by" : "owned by")} {Quantities.Count(cause.Objects, "object")} of {cause.Type}",
        VerdictKind.Shared => "shared memory",
        VerdictKind.Garbage => "garbage that waits for a collection",
        VerdictKind.FrozenGarbage => "garbage that gc.freeze() keeps",
        VerdictKind.Fragmentation => "free within arenas of pymalloc",
        VerdictKind.Retention or VerdictKind.MallocFragmentation => "free in malloc's heap",
        _ => "memory of C code",
    };

    private static string Owner(Verdict verdict) =>
        $"{Quantities.Count(verdict.Objects, "object")} of {verdict.Type} ({(verdict.AreAllHeldSo ? "" : "most often ")}held by {verdict.Who})";

    public static string Remedy(ResidentAnswer answer)
    {
        var verdict = answer.Verdict;
        return verdict.Kind switch
        {
            VerdictKind.Held => "If it only grows it is a leak: give it a bound, or let go of what is no longer needed.",
            VerdictKind.HeldTogether => "See who holds them: if they only become more it is a leak.",
            VerdictKind.HeldByCalls => "It is freed as the calls end: bound how many run at a time, or how deep they call themselves.",
            VerdictKind.Owned when verdict.IsMapped => "It goes back to the kernel when the objects are closed or let go of, and no other process has it.",
            VerdictKind.Owned => "C code allocated it, and frees it with the objects: close them, let go of them, or bound what they keep. --native-allocations records who allocates it.",
            VerdictKind.Shared => "It goes back to the kernel when no process has it mapped and its name is unlinked.",
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
