using Hognose.CPython.Walk;
using Hognose.Formats.Alloc;

namespace Hognose.CPython.Tracing;

/// <summary>From tracebacks to a trie of stacks: those that share their outer frames share entries. Stack 0 is the empty one.</summary>
internal sealed class StackBook(WalkContext context)
{
    public const int None = -1;

    private readonly TraceFileNames _names = ReaderTable.TraceFileNamesOf(context);
    private readonly Dictionary<ulong, int> _stackOfTraceback = [];
    private readonly Dictionary<ulong, int> _fileOfAddress = [];
    private readonly Dictionary<string, int> _fileOfName = new(StringComparer.Ordinal);
    private readonly List<string> _files = [];
    private readonly Dictionary<(int File, int Line), int> _frameOfPlace = [];
    private readonly Dictionary<(int Parent, int Frame), int> _stacks = [];
    private readonly List<SourceFrame> _frames = [new SourceFrame("", "", 0, 0)];
    private readonly List<int> _parents = [0];
    private readonly List<int> _innermost = [0];

    // Each traceback has memory of its own: who claims more frames than there are words overlaps on purpose.
    private long _framesLeft = context.Words;
    private long _lettersLeft = context.Words * sizeof(ulong);

    public int Count => _parents.Count;

    /// <summary>Distinct stacks of which outer frames were not kept.</summary>
    public long CutStacks { get; private set; }

    public StackTable ToTable() => new(_frames, [.. _parents], [.. _innermost]);

    /// <returns><see cref="None"/>: it can't be read.</returns>
    public int StackOf(ulong traceback)
    {
        if (!_stackOfTraceback.TryGetValue(traceback, out var stack))
            _stackOfTraceback[traceback] = stack = Read(traceback);
        return stack;
    }

    private int Read(ulong address)
    {
        if (Traceback.TryRead(context, address) is not { } traceback || (_framesLeft -= traceback.Frames) < 0)
            return None;
        var stack = 0;
        for (var index = traceback.Frames - 1; index >= 0; index--)
        {
            var (file, line) = traceback.Frame(context, index);
            var name = FileOf(file);
            if (name == None)
                return None;
            stack = StackOf(stack, FrameOf(name, line <= int.MaxValue ? (int)line : 0));
        }
        CutStacks += traceback.IsCut ? 1 : 0;
        return stack;
    }

    private int FileOf(ulong address)
    {
        if (_fileOfAddress.TryGetValue(address, out var file))
            return file;
        var name = _lettersLeft >= 0 ? _names.Read(address) : null;
        if (name is null)
            return _fileOfAddress[address] = None;
        _lettersLeft -= name.Length;
        if (!_fileOfName.TryGetValue(name, out file))
        {
            _fileOfName[name] = file = _files.Count;
            _files.Add(name);
        }
        return _fileOfAddress[address] = file;
    }

    private int FrameOf(int file, int line)
    {
        if (_frameOfPlace.TryGetValue((file, line), out var frame))
            return frame;
        frame = _frames.Count;
        // tracemalloc knows no functions: each line stands for itself.
        _frames.Add(new SourceFrame("", _files[file], line, line));
        return _frameOfPlace[(file, line)] = frame;
    }

    private int StackOf(int parent, int frame)
    {
        if (_stacks.TryGetValue((parent, frame), out var stack))
            return stack;
        stack = _parents.Count;
        _parents.Add(parent);
        _innermost.Add(frame);
        return _stacks[(parent, frame)] = stack;
    }
}
