using Hognose.Targets.Memory;

namespace Hognose.CPython.Layouts.Validation;

/// <summary>Whether the collector's lists close, as circular lists must: the neighbours of each head point back at it.</summary>
internal sealed class CollectorCheck(IMemoryReader memory, CPythonLayout layout)
{
    /// <summary>Low bits of the links are flags (Include/internal/pycore_gc.h); two at most in every version.</summary>
    private const ulong FlagBits = 3;

    private const int Generations = 3;

    /// <summary>A thread stopped between the four writes of _PyObject_GC_TRACK leaves the list of the young open, and no other.</summary>
    private const int OpenListsOfAStoppedThread = 1;

    public void Check(TargetAddress collector, List<string> failures)
    {
        ref readonly var state = ref layout.GcRuntimeState;
        if (state.generation0 != CPythonLayout.Absent
            && (!memory.TryReadAddress(collector + state.generation0, out var first) || first != collector + state.generations))
            failures.Add($"generation0 of the collector does not point at its generations (offset {state.generations})");
        var open = Heads(collector).Where(head => !Closes(head)).ToList();
        if (open.Count > OpenListsOfAStoppedThread)
            failures.Add($"{open.Count} of the collector's lists do not close, the first at its offset {open[0].Value - collector.Value}");
    }

    /// <summary>Addresses of objects from the start of each list, at most <paramref name="limit"/> of each.</summary>
    public IEnumerable<TargetAddress> Objects(TargetAddress collector, int limit)
    {
        foreach (var head in Heads(collector))
        {
            var link = head;
            for (var i = 0; i < limit && TryFollow(link, layout.PyGCHead._gc_next, out link) && link != head; i++)
                yield return link + layout.PyGCHead.Size;
        }
    }

    /// <summary>Generational (≤ 3.13, 3.14.5+), else incremental (3.14.0 to 3.14.4, gh-148726); and the permanent generation.</summary>
    private IEnumerable<TargetAddress> Heads(TargetAddress collector)
    {
        var size = layout.GcGeneration.Size;
        var state = layout.GcRuntimeState;
        if (state.generations != CPythonLayout.Absent)
            for (var i = 0; i < Generations; i++)
                yield return collector + (state.generations + i * size);
        else
            foreach (var offset in (int[])[state.young, state.old, state.old + size])
                yield return collector + offset;
        yield return collector + state.permanent_generation;
    }

    private bool Closes(TargetAddress head)
    {
        ref readonly var link = ref layout.PyGCHead;
        return TryFollow(head, link._gc_next, out var next) && TryFollow(next, link._gc_prev, out var back) && back == head
            && TryFollow(head, link._gc_prev, out var previous) && TryFollow(previous, link._gc_next, out var forth) && forth == head;
    }

    private bool TryFollow(TargetAddress link, int offset, out TargetAddress target)
    {
        var read = memory.TryRead(link + offset, out ulong word);
        target = new TargetAddress(word & ~FlagBits);
        return read && !target.IsNull;
    }
}
