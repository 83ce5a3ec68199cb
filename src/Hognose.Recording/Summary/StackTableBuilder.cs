using Hognose.Formats.Alloc;
using Hognose.Formats.Ring;
using Hognose.Recording.Ledger;
using Hognose.Formats.Lines;
using Hognose.Recording.Ring;

namespace Hognose.Recording.Summary;

/// <summary>
/// From the agent's trie (a node an instruction) to the summary's (a stack a line): nodes that a traceback shows alike become one, and what they hold is
/// added up. Grows while the program runs.
/// </summary>
internal sealed unsafe class StackTableBuilder(byte* region, Func<RingFacts> facts)
{
    private readonly StackNode* _nodes = RingShape.NodesOf(region);
    private readonly CodeBook _codes = new(region);
    private readonly Dictionary<(uint Code, int Instruction), int> _frameOfInstruction = [];
    private readonly StackInterner _stacks = new();
    private readonly List<int> _stackOfNode = [0];
    private RingFacts _facts = facts();
    private LineReader? _lineAt;

    public IReadOnlyList<SourceFrame> Frames => _stacks.Frames;

    public IReadOnlyList<int> Parents => _stacks.Parents;

    public IReadOnlyList<int> Innermost => _stacks.Innermost;

    /// <summary>The stack of a node; 0, the empty one, for a node that was never written.</summary>
    public int StackOf(uint node)
    {
        if (node >= _stackOfNode.Count)
            ReadTo(node);
        return node < _stackOfNode.Count ? _stackOfNode[(int)node] : 0;
    }

    /// <summary>What the ledger says of each stack, and all stacks.</summary>
    public (StackTable Stacks, StackUsage[] Usage) Build(AllocationLedger ledger, uint nodeCount)
    {
        if (nodeCount > 0)
            _ = StackOf(nodeCount - 1);
        var usage = new StackUsage[_stacks.Count];
        for (uint node = 0; node < Math.Max(nodeCount, 1); node++)
            AddUsage(ref usage[StackOf(node)], ledger, node);
        return (_stacks.ToTable(), usage);
    }

    private void ReadTo(uint last)
    {
        _facts = facts();
        _lineAt ??= LineTables.For(_facts.PythonVersion);
        for (var node = (uint)_stackOfNode.Count; node <= last && node < _facts.NodeCount; node++)
        {
            var parent = _nodes[node].Parent;
            // Parents come first; a target that says otherwise is not followed.
            _stackOfNode.Add(_stacks.StackOf(parent < node ? _stackOfNode[(int)parent] : 0, FrameOf(_nodes[node])));
        }
    }

    private int FrameOf(in StackNode node)
    {
        var key = (node.CodeId, node.Instruction);
        if (_frameOfInstruction.TryGetValue(key, out var frame))
            return frame;
        frame = node.CodeId == StackNode.NativeCode ? _stacks.FrameOf(NativeFrame(node)) : _stacks.FrameOf(SourceOf(node));
        _frameOfInstruction[key] = frame;
        return frame;
    }

    private static SourceFrame NativeFrame(in StackNode node) =>
        node.Instruction == (int)AllocatorDomain.Mapping ? SourceFrame.Mmap : SourceFrame.Malloc;

    private SourceFrame SourceOf(in StackNode node)
    {
        var code = _codes.Of(node.CodeId, _facts);
        var line = Math.Max(0, _lineAt!(_codes.TableOf(code), code.FirstLine, node.Instruction));
        return new SourceFrame(code.Function, code.File, line, code.FirstLine);
    }

    private static void AddUsage(ref StackUsage usage, AllocationLedger ledger, uint node)
    {
        if (node >= ledger.Stacks.Capacity)
            return;
        var counter = ledger.Stacks.Of(node);
        var peak = ledger.ShareAtPeak(node);
        usage.PeakBytes += peak.Bytes;
        usage.PeakBlocks += peak.Blocks;
        var end = AtEnd(ledger, node, counter);
        usage.EndBytes += end.Bytes;
        usage.EndBlocks += end.Blocks;
        usage.TotalBytes += counter->TotalBytes;
        usage.TotalBlocks += counter->TotalBlocks;
        usage.TemporaryBytes += counter->TemporaryBytes;
        usage.TemporaryBlocks += counter->TemporaryBlocks;
    }

    private static StackHolding AtEnd(AllocationLedger ledger, uint node, StackCounter* counter) =>
        ledger.End is not { Holdings: var held } ? new StackHolding(counter->LiveBytes, counter->LiveBlocks)
        : node < held.Length ? held[node] : default;
}
