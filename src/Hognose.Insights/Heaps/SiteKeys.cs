using Hognose.Formats.Alloc;
using Hognose.Formats.Heap;

namespace Hognose.Insights.Heaps;

/// <summary>The line of Python that allocated an object. Two groups are no line: objects that no line of Python asked for, and those whose birth is not known.</summary>
internal sealed class SiteKeys
{
    private const int NotKnown = 0;
    private const int NoPython = 1;
    private const int FirstLine = 2;

    private readonly HeapFileBirths _births;
    private readonly int[] _placeOfStack;
    private readonly Places<SourceFrame> _lines = new();

    public SiteKeys(HeapFileBirths births)
    {
        _births = births;
        var stacks = births.Stacks;
        _placeOfStack = new int[stacks.Count];
        for (var stack = 0; stack < stacks.Count; stack++)
        {
            var python = stacks.OfPython(stack);
            _placeOfStack[stack] = python == 0 ? NoPython : FirstLine + _lines.Of(stacks.Frames[stacks.InnermostFrame[python]]);
        }
    }

    public int Count => FirstLine + _lines.Count;

    public int Of(int node)
    {
        var stack = _births.StackOfNode[node];
        return stack < 0 ? NotKnown : _placeOfStack[stack];
    }

    public SourceFrame? FrameOf(int site) => site < FirstLine ? null : _lines[site - FirstLine];

    /// <summary>Each site's is another one.</summary>
    public string NameOf(int site) => FrameOf(site) is { } frame ? $"{frame.File}:{frame.Line} in {frame.Function}() {frame.FirstLine}"
        : site == NoPython ? "(no Python code)" : "(not known)";
}
