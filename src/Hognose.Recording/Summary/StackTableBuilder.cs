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
internal sealed unsafe class StackTableBuilder
{
    private readonly StackNode* _nodes;
    private readonly CodeBook _codes;
    private readonly Func<RingFacts> _readFacts;
    private readonly INativeSymbols? _symbols;
    private readonly StackMerger _merger;
    private readonly Dictionary<(uint Code, int Instruction), CFrame> _cFrames = [];
    private readonly Dictionary<(uint Code, int Instruction), int> _frameOfInstruction = [];
    private readonly StackInterner _stacks = new();
    private readonly List<int> _stackOfNode = [0];
    private RingFacts _facts;
    private LineReader? _lineAt;

    /// <param name="region">The shared one.</param>
    /// <param name="facts">Reads them anew.</param>
    /// <param name="symbols">null: C frames have no names.</param>
    public StackTableBuilder(byte* region, Func<RingFacts> facts, INativeSymbols? symbols = null)
    {
        _nodes = RingShape.NodesOf(region);
        _codes = new CodeBook(region);
        _readFacts = facts;
        _facts = facts();
        _symbols = symbols;
        _merger = new StackMerger(_nodes, node => _stackOfNode[(int)node], node => FrameOf(_nodes[node]), node => CFrameOf(_nodes[node]), _stacks.StackOf);
    }

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

    /// <summary>The same, for any thread, of the nodes that were read up to now.</summary>
    public Func<uint, int> FixedStackOf()
    {
        int[] stacks = [.. _stackOfNode];
        return node => node < stacks.Length ? stacks[node] : 0;
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
        _facts = _readFacts();
        _lineAt ??= LineTables.For(_facts.PythonVersion);
        for (var node = (uint)_stackOfNode.Count; node <= last && node < _facts.NodeCount; node++)
        {
            // Of one look: the program may write there at any time.
            var entry = _nodes[node];
            // Parents come first; a target that says otherwise is not followed.
            _stackOfNode.Add(StackOf(entry, entry.Parent < node ? entry.Parent : 0, node));
        }
    }

    private int StackOf(in StackNode entry, uint parent, uint node)
    {
        var outer = _stackOfNode[(int)parent];
        switch (entry.CodeId)
        {
            case StackNode.EvaluationEntry:
                return outer;
            case StackNode.NativeChain:
                return (uint)entry.Instruction < node ? _merger.Merge(parent, (uint)entry.Instruction, _facts.Evaluations) : outer;
            case StackNode.NativeCode:
                return _stacks.StackOf(outer, FrameOf(entry));
            default:
                // A frame of C code is a part of a pair, and no stack.
                return _codes.Of(entry.CodeId, _facts).IsModule ? 0 : _stacks.StackOf(outer, FrameOf(entry));
        }
    }

    private int FrameOf(StackNode node)
    {
        var key = (node.CodeId, node.Instruction);
        if (_frameOfInstruction.TryGetValue(key, out var frame))
            return frame;
        frame = node.CodeId == StackNode.NativeCode ? _stacks.FrameOf(NativeFrame(node)) : _stacks.FrameOf(SourceOf(node));
        _frameOfInstruction[key] = frame;
        return frame;
    }

    private CFrame CFrameOf(StackNode node)
    {
        var key = (node.CodeId, node.Instruction);
        if (_cFrames.TryGetValue(key, out var known))
            return known;
        var module = _codes.Of(node.CodeId, _facts);
        // The call stands before the address that it returns to.
        var address = (uint)node.Instruction - 1;
        var symbol = module.IsModule && _symbols is not null ? _symbols.Find(module.File, _codes.TableOf(module), address) : new NativeSymbol("?", module.File, 0);
        var frame = _stacks.FrameOf(SourceFrame.OfC(symbol.Function, symbol.Place, symbol.Line));
        int[] inlined = [.. symbol.Inlined.Select(each => _stacks.FrameOf(SourceFrame.OfC(each.Function, each.Place, each.Line)))];
        return _cFrames[key] = new CFrame(frame, inlined, symbol.IsEvaluation, symbol.IsWithinEvaluation, symbol.IsNamed);
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
