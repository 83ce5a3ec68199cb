using Hognose.Formats.Alloc;
using Hognose.Formats.Ring;
using Hognose.Recording.Ledger;
using Hognose.Formats.Lines;
using Hognose.Recording.Ring;

namespace Hognose.Recording.Summary;

/// <summary>
/// From the agent's trie (a node an instruction) to the summary's (a stack a line): nodes that a traceback shows alike become one, and what they hold is
/// added up.
/// </summary>
internal sealed unsafe class StackTableBuilder
{
    private readonly StackNode* _nodes;
    private readonly byte* _codeArea;
    private readonly List<DescribedCode> _codes;
    private readonly LineReader _lineAt;
    private readonly Dictionary<(uint Code, int Instruction), int> _frameOfInstruction = [];
    private readonly Dictionary<SourceFrame, int> _frameOfSource = [];
    private readonly Dictionary<(int Parent, int Frame), int> _stacks = [];
    private readonly List<SourceFrame> _frames = [new SourceFrame("", "", 0, 0)];
    private readonly List<int> _parents = [0];
    private readonly List<int> _innermost = [0];
    private readonly List<StackUsage> _usage = [default];

    public StackTableBuilder(byte* region, RingFacts facts)
    {
        _nodes = RingShape.NodesOf(region);
        _codeArea = RingShape.CodesOf(region);
        _codes = CodeBook.Read(region, facts);
        _lineAt = LineTables.For(facts.PythonVersion);
    }

    public void Add(AllocationLedger ledger, uint nodeCount)
    {
        var stackOfNode = new int[Math.Max(nodeCount, 1)];
        AddUsage(0, ledger, 0);
        for (uint node = 1; node < nodeCount; node++)
        {
            var parent = _nodes[node].Parent;
            // Parents come first; a target that says otherwise is not followed.
            var stack = StackOf(parent < node ? stackOfNode[parent] : 0, FrameOf(_nodes[node]));
            stackOfNode[node] = stack;
            AddUsage(stack, ledger, node);
        }
    }

    public (StackTable Stacks, StackUsage[] Usage) Build() =>
        (new StackTable(_frames, [.. _parents], [.. _innermost]), [.. _usage]);

    private int StackOf(int parent, int frame)
    {
        if (_stacks.TryGetValue((parent, frame), out var stack))
            return stack;
        stack = _parents.Count;
        _stacks[(parent, frame)] = stack;
        _parents.Add(parent);
        _innermost.Add(frame);
        _usage.Add(default);
        return stack;
    }

    private int FrameOf(in StackNode node)
    {
        var key = (node.CodeId, node.Instruction);
        if (_frameOfInstruction.TryGetValue(key, out var frame))
            return frame;
        var code = node.CodeId < _codes.Count ? _codes[(int)node.CodeId] : DescribedCode.Unknown;
        var table = new ReadOnlySpan<byte>(_codeArea + code.TableOffset, code.TableLength);
        var line = Math.Max(0, _lineAt(table, code.FirstLine, node.Instruction));
        var source = new SourceFrame(code.Function, code.File, line, code.FirstLine);
        if (!_frameOfSource.TryGetValue(source, out frame))
        {
            frame = _frames.Count;
            _frames.Add(source);
            _frameOfSource[source] = frame;
        }
        _frameOfInstruction[key] = frame;
        return frame;
    }

    private void AddUsage(int stack, AllocationLedger ledger, uint node)
    {
        if (node >= ledger.Stacks.Capacity)
            return;
        var counter = ledger.Stacks.Of(node);
        var peak = ledger.ShareAtPeak(node);
        var usage = _usage[stack];
        usage.PeakBytes += peak.Bytes;
        usage.PeakBlocks += peak.Blocks;
        var end = AtEnd(ledger, node, counter);
        usage.EndBytes += end.Bytes;
        usage.EndBlocks += end.Blocks;
        usage.TotalBytes += counter->TotalBytes;
        usage.TotalBlocks += counter->TotalBlocks;
        usage.TemporaryBytes += counter->TemporaryBytes;
        usage.TemporaryBlocks += counter->TemporaryBlocks;
        _usage[stack] = usage;
    }

    private static StackHolding AtEnd(AllocationLedger ledger, uint node, StackCounter* counter) =>
        ledger.End is not { Holdings: var held } ? new StackHolding(counter->LiveBytes, counter->LiveBlocks)
        : node < held.Length ? held[node] : default;
}
