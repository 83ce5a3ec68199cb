using Hognose.CPython.Walk;
using Hognose.Formats.Alloc;

namespace Hognose.CPython.Tracing;

/// <summary>From tracebacks to a trie of stacks: those that share their outer frames share entries. Stack 0 is the empty one.</summary>
internal sealed class StackBook(WalkContext context)
{
    public const int None = -1;

    private readonly TraceFileNames _names = ReaderTable.TraceFileNamesOf(context);
    private readonly Dictionary<ulong, int> _stackOfTraceback = [];
    private readonly Dictionary<ulong, string?> _fileOfAddress = [];
    private readonly StackInterner _stacks = new();

    // Each traceback has memory of its own: who claims more frames than there are words overlaps on purpose.
    private long _framesLeft = context.Words;
    private long _lettersLeft = context.Words * sizeof(ulong);

    public int Count => _stacks.Count;

    /// <summary>Distinct stacks of which outer frames were not kept.</summary>
    public long CutStacks { get; private set; }

    public StackTable ToTable() => _stacks.ToTable();

    /// <returns><see cref="None"/>: it can't be read.</returns>
    public int StackOf(ulong traceback)
    {
        if (!_stackOfTraceback.TryGetValue(traceback, out var stack))
            _stackOfTraceback[traceback] = stack = Read(traceback);
        return stack;
    }

    private int Read(ulong at)
    {
        if (Traceback.TryRead(context, at) is not { } traceback || (_framesLeft -= traceback.Frames) < 0)
            return None;
        var stack = 0;
        for (var index = traceback.Frames - 1; index >= 0; index--)
        {
            var (address, line) = traceback.Frame(context, index);
            if (FileOf(address) is not { } file)
                return None;
            // tracemalloc knows no functions: each line stands for itself.
            var number = line <= int.MaxValue ? (int)line : 0;
            stack = _stacks.StackOf(stack, _stacks.FrameOf(new SourceFrame("", file, number, number)));
        }
        CutStacks += traceback.IsCut ? 1 : 0;
        return stack;
    }

    private string? FileOf(ulong address)
    {
        if (_fileOfAddress.TryGetValue(address, out var file))
            return file;
        file = _lettersLeft >= 0 ? _names.Read(address) : null;
        _lettersLeft -= file?.Length ?? 0;
        return _fileOfAddress[address] = file;
    }
}
