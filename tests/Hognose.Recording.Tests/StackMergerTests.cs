using Hognose.Formats.Ring;
using Hognose.Recording.Ring;
using Hognose.Recording.Summary;

namespace Hognose.Recording.Tests;

/// <summary>Python's frames and C's, put together by where CPython's evaluations began.</summary>
public sealed unsafe class StackMergerTests
{
    /// <summary>Code ids of nodes: what a frame is called stands at its place here.</summary>
    private static readonly string[] Names = ["", "main", "loop", "call", "outer", "inner", "helper", "?", "_TAIL_CALL_CALL", "with"];

    private readonly List<StackNode> _nodes = [default];
    private readonly List<string> _stacks = [""];

    [Theory]
    // 3.12+: the mark on C's stack says where, the loop has its name, or none, or is a part of its caller.
    [InlineData("mark outer inner", "main loop mark call", EvaluationMark.OfBoth, "main outer inner call")]
    [InlineData("mark outer inner", "main ? mark call", EvaluationMark.OfBoth, "main outer inner call")]
    [InlineData("mark outer inner", "main mark call", EvaluationMark.OfBoth, "main outer inner call")]
    [InlineData("mark outer mark inner", "main ? mark call ? mark ?", EvaluationMark.OfBoth, "main outer call inner ?")]
    [InlineData("mark outer", "main loop mark _TAIL_CALL_CALL call", EvaluationMark.OfBoth, "main outer call")]
    // An evaluation began and runs nothing of Python's yet.
    [InlineData("mark outer mark", "main loop mark call loop mark helper", EvaluationMark.OfBoth, "main outer call helper")]
    // 3.11: by the loop's name.
    [InlineData("mark outer inner", "main loop call", EvaluationMark.OfPython, "main outer inner call")]
    [InlineData("mark outer mark inner", "main loop call loop helper", EvaluationMark.OfPython, "main outer call inner helper")]
    // Up to 3.10 each frame is a call.
    [InlineData("outer inner", "main loop call loop helper", EvaluationMark.EachFrame, "main outer call inner helper")]
    // Functions that the compiler put into their caller stand within it.
    [InlineData("mark outer inner", "main with loop mark with", EvaluationMark.OfBoth, "main with helper call outer inner with helper call")]
    // What has no place among C's frames stands at the outer end.
    [InlineData("mark outer inner", "main call", EvaluationMark.OfPython, "outer inner main call")]
    [InlineData("mark outer mark inner", "call loop mark helper", EvaluationMark.OfBoth, "outer call inner helper")]
    [InlineData("", "main call", EvaluationMark.OfBoth, "main call")]
    [InlineData("mark outer", "", EvaluationMark.OfBoth, "outer")]
    public void Frames_stand_in_the_order_of_their_calls(string python, string native, EvaluationMark mark, string expected)
    {
        var (ofPython, ofC) = (Add(python), Add(native));
        fixed (StackNode* nodes = _nodes.ToArray())
        {
            var merger = MergerOf(nodes);
            var stack = merger.Merge(ofPython, ofC, mark);
            Assert.Equal(expected, _stacks[stack]);
            Assert.Equal(stack, merger.Merge(ofPython, ofC, mark));
        }
    }

    /// <summary>What a program writes there may be anything.</summary>
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Whatever_the_nodes_say_it_ends(int seed)
    {
        var random = new Random(seed);
        for (var i = 1; i < 500; i++)
            _nodes.Add(new StackNode { Parent = (uint)random.Next(random.Next(3) == 0 ? int.MaxValue : 500), CodeId = random.Next(4) == 0 ? StackNode.EvaluationEntry : (uint)random.Next(1, Names.Length) });
        fixed (StackNode* nodes = _nodes.ToArray())
        {
            var merger = MergerOf(nodes);
            foreach (var mark in Enum.GetValues<EvaluationMark>())
                for (var i = 0; i < 2000; i++)
                    Assert.InRange(merger.Merge((uint)random.Next(500), (uint)random.Next(500), mark), 0, _stacks.Count - 1);
        }
    }

    private StackMerger MergerOf(StackNode* nodes) => new(
        nodes,
        node => StackOfPython(nodes, node),
        node => FrameOf(nodes[node]),
        node => Names[FrameOf(nodes[node])] switch
        {
            "loop" => new CFrame(FrameOf(nodes[node]), [], true, false, true),
            "?" => new CFrame(FrameOf(nodes[node]), [], false, false, false),
            ['_', ..] => new CFrame(FrameOf(nodes[node]), [], false, true, true),
            "with" => new CFrame(FrameOf(nodes[node]), [Array.IndexOf(Names, "helper"), Array.IndexOf(Names, "call")], false, false, true),
            _ => new CFrame(FrameOf(nodes[node]), [], false, false, true),
        },
        StackOf);

    private static int FrameOf(StackNode node) => node.CodeId < Names.Length ? (int)node.CodeId : 0;

    private int StackOfPython(StackNode* nodes, uint node) =>
        node == 0 ? 0
        : nodes[node].CodeId == StackNode.EvaluationEntry ? StackOfPython(nodes, Caller(nodes, node))
        : StackOf(StackOfPython(nodes, Caller(nodes, node)), FrameOf(nodes[node]));

    private static uint Caller(StackNode* nodes, uint node) => nodes[node].Parent < node ? nodes[node].Parent : 0;

    private int StackOf(int caller, int frame)
    {
        var name = $"{_stacks[caller]} {Names[frame]}".Trim();
        if (!_stacks.Contains(name))
            _stacks.Add(name);
        return _stacks.IndexOf(name);
    }

    private uint Add(string frames)
    {
        uint node = 0;
        foreach (var frame in frames.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            _nodes.Add(new StackNode { Parent = node, CodeId = frame == "mark" ? StackNode.EvaluationEntry : (uint)Array.IndexOf(Names, frame) });
            node = (uint)_nodes.Count - 1;
        }
        return node;
    }
}
