using Hognose.Insights.Holding;

namespace Hognose.Reports.Terminal;

/// <summary>What is to be done about garbage that a collection would leave.</summary>
internal static class GarbageWords
{
    public static string Remedy(KeptGarbage kept) => kept.Reason == KeptReason.Frozen
        ? "gc.freeze() keeps them out of collections; gc.unfreeze() and then gc.collect() would free them"
        : $"{Names.Printable(kept.Type)} has a finalizer of the old kind (tp_del), which keeps the collector from cycles";
}
