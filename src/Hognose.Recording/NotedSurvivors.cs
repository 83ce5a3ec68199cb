using Hognose.Formats.Alloc;
using Hognose.Recording.Ledger;

namespace Hognose.Recording;

/// <summary>What lived when a heap was looked at. The program may stand still meanwhile: what takes longer than a copy of the table comes when somebody asks.</summary>
public sealed class NotedSurvivors
{
    private readonly Lazy<IReadOnlyList<Survivor>> _blocks;
    private Func<uint, int> _stackOf;

    internal NotedSurvivors(long nanoseconds, LiveBlocks live, IReadOnlyList<LiveMapping> mappings, Func<uint, int> stackOf)
    {
        Nanoseconds = nanoseconds;
        _stackOf = stackOf;
        _blocks = new Lazy<IReadOnlyList<Survivor>>(() => Of(live, mappings, _stackOf));
    }

    /// <summary>Since the recording began.</summary>
    public long Nanoseconds { get; }

    /// <summary>By address. Any thread may ask once the recording is finished, or after <see cref="RecordingSession.UpToNow"/>: of tens of millions it takes seconds.</summary>
    public IReadOnlyList<Survivor> Blocks => _blocks.Value;

    internal static Survivor[] Of(LiveBlocks live, IReadOnlyList<LiveMapping> mappings, Func<uint, int> stackOf)
    {
        var blocks = live.Blocks;
        var survivors = new Survivor[blocks.Length + mappings.Count];
        for (var i = 0; i < blocks.Length; i++)
        {
            ref readonly var block = ref blocks[i];
            survivors[i] = new Survivor(block.Address, stackOf(block.Stack), (long)live.SizeOf(in block), block.BornMilliseconds);
        }
        for (var i = 0; i < mappings.Count; i++)
            survivors[blocks.Length + i] = new Survivor(mappings[i].Start, stackOf(mappings[i].Stack), mappings[i].Bytes, mappings[i].BornMilliseconds);
        Array.Sort(survivors, static (one, other) => one.Address.CompareTo(other.Address));
        return survivors;
    }

    internal void FixStacks(Func<uint, int> stackOf) => _stackOf = stackOf;
}
