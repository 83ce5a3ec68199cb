using Hognose.Diagnostics;

namespace Hognose.Targets.Sampling;

/// <summary>The memory of a process and, where asked, of all that descend from it.</summary>
public sealed class TreeMemory : IDisposable
{
    private readonly int _processId;
    private readonly MemoryMeasure _measure;
    private readonly MemoryProbe _process;
    private readonly Dictionary<int, MemoryProbe> _children = [];

    private TreeMemory(int processId, MemoryMeasure measure, MemoryProbe process)
    {
        _processId = processId;
        _measure = measure;
        _process = process;
    }

    /// <returns>null when there is no such process.</returns>
    /// <exception cref="CannotContinueException">It may not be read.</exception>
    public static TreeMemory? Open(int processId, MemoryMeasure measure) =>
        MemoryProbe.Open(processId, measure) is { } probe ? new TreeMemory(processId, measure, probe) : null;

    /// <summary>Bytes of the process alone; null when it has ended.</summary>
    public long? ReadProcess() => _process.Read();

    /// <summary>Bytes of each descendant that lives now, parents first.</summary>
    public IReadOnlyList<(int ProcessId, long Bytes)> ReadChildren()
    {
        var living = ProcessTree.Descendants(_processId);
        foreach (var gone in _children.Keys.Except(living).ToList())
            Forget(gone);
        var children = new List<(int, long)>(living.Count);
        foreach (var child in living)
            if (ReadChild(child) is { } bytes)
                children.Add((child, bytes));
        return children;
    }

    public void Dispose()
    {
        _process.Dispose();
        foreach (var probe in _children.Values)
            probe.Dispose();
    }

    // A child that ended between being listed and being read is left out; so is one that may not be read, as one that became another user.
    private long? ReadChild(int child)
    {
        if (!_children.TryGetValue(child, out var probe))
        {
            try
            {
                probe = MemoryProbe.Open(child, _measure);
            }
            catch (CannotContinueException)
            {
                return null;
            }
            if (probe is null)
                return null;
            _children[child] = probe;
        }
        if (probe.Read() is { } bytes)
            return bytes;
        Forget(child);
        return null;
    }

    private void Forget(int child)
    {
        _children.Remove(child, out var probe);
        probe?.Dispose();
    }
}
