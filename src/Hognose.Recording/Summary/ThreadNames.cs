using Hognose.Formats.Alloc;
using Hognose.Recording.Ledger;

namespace Hognose.Recording.Summary;

/// <summary>Threads as they were seen, with the names that the kernel has of them.</summary>
/// <param name="nameOf">From a kernel id to the name; empty when it is not known.</param>
internal sealed class ThreadNames(Func<long, string> nameOf)
{
    private readonly SortedDictionary<int, (long KernelId, string Name)> _threads = [];
    private List<int> _fresh = [];

    /// <summary>Takes the ledger's new threads. <paramref name="told"/> gets each thread whose name is news.</summary>
    public void Take(List<(int Index, long KernelId)> seen, Action<int, long, string> told)
    {
        foreach (var (index, kernelId) in seen)
        {
            _threads[index] = (kernelId, kernelId > 0 ? nameOf(kernelId) : "");
            _fresh.Add(index);
            told(index, kernelId, _threads[index].Name);
        }
        seen.Clear();
    }

    /// <summary>A program names its threads after it started them: looks once more at those seen since the last call.</summary>
    public void LookAgain(Action<int, long, string> told)
    {
        var fresh = _fresh;
        if (fresh.Count == 0)
            return;
        _fresh = [];
        foreach (var index in fresh)
        {
            var (kernelId, former) = _threads[index];
            var name = kernelId > 0 ? nameOf(kernelId) : "";
            if (name.Length == 0 || name == former)
                continue;
            _threads[index] = (kernelId, name);
            told(index, kernelId, name);
        }
    }

    public List<ThreadUsage> Usage(ReadOnlySpan<ThreadTally> tallies)
    {
        var usage = new List<ThreadUsage>();
        for (var index = 0; index < tallies.Length; index++)
        {
            ref readonly var tally = ref tallies[index];
            if (tally.Allocations == 0 && !_threads.ContainsKey(index))
                continue;
            var (kernelId, name) = _threads.GetValueOrDefault(index, (0, ""));
            usage.Add(new ThreadUsage(index, kernelId, name, tally.Allocations, tally.Bytes, tally.LiveBytes));
        }
        return usage;
    }
}
