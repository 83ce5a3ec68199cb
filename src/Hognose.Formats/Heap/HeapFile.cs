using Hognose.Columns;
using Hognose.Formats.Alloc;

namespace Hognose.Formats.Heap;

/// <summary>A snapshot as the file keeps it: plain columns, one entry a node or an edge. What the numbers mean is said by docs/formats/heap.md.</summary>
public sealed record HeapFile
{
    public const long NotCounted = NumberColumn.LeastNear;

    public required HeapFileFacts Facts { get; init; }

    public required IReadOnlyList<HeapFileType> Types { get; init; }

    /// <summary>Ascending.</summary>
    public required AddressColumn Addresses { get; init; }

    /// <summary>Indices into <see cref="Types"/>.</summary>
    public required int[] TypeIds { get; init; }

    /// <summary>Bytes.</summary>
    public required NumberColumn Sizes { get; init; }

    public required byte[] Flags { get; init; }

    /// <summary>References from outside the graph; <see cref="NotCounted"/> where the count says nothing.</summary>
    public required NumberColumn Surplus { get; init; }

    /// <summary>Items, entries or characters; -1 where there is none.</summary>
    public required NumberColumn Lengths { get; init; }

    /// <summary>One more than there are nodes.</summary>
    public required int[] EdgeStarts { get; init; }

    /// <summary>The target in the low 30 bits, the kind in the high two.</summary>
    public required uint[] Edges { get; init; }

    /// <summary>By edge: an index into <see cref="Names"/>.</summary>
    public required int[] EdgeNames { get; init; }

    /// <summary>Entry 0 is the reference without a name.</summary>
    public required IReadOnlyList<HeapFileName> Names { get; init; }

    /// <summary>Nodes that are held from outside.</summary>
    public required int[] Roots { get; init; }

    /// <summary>Nodes that running frames own a reference to, one entry a reference, ascending.</summary>
    public required int[] HeldByFrames { get; init; }

    public required IReadOnlyList<HeapFileHolder> Holders { get; init; }

    /// <summary>Names of modules, classes, functions, code objects, by node.</summary>
    public required IReadOnlyDictionary<int, string> OwnNames { get; init; }

    /// <summary>Variables that a function keeps in its closure, by node.</summary>
    public required IReadOnlyDictionary<int, IReadOnlyList<string>> FreeVariables { get; init; }

    /// <summary>By node: the nearest before it of the same type and contents, or -1; with <see cref="Unused"/> empty in a file without these columns.</summary>
    public int[] EqualBefore { get; init; } = [];

    /// <summary>By node: bytes of a container's storage that a copy of it would do without.</summary>
    public NumberColumn Unused { get; init; } = [];

    /// <summary>Contents, by str, bytes or number; empty unless they were asked for.</summary>
    public IReadOnlyDictionary<int, string> Values { get; init; } = new Dictionary<int, string>();

    /// <summary>By weak reference: the object that it leads to without holding it.</summary>
    public IReadOnlyDictionary<int, int> WeakTargets { get; init; } = new Dictionary<int, int>();

    /// <summary>By generator or coroutine: where it waits.</summary>
    public IReadOnlyDictionary<int, HeapFilePlace> Suspended { get; init; } = new Dictionary<int, HeapFilePlace>();

    /// <summary>With their functions under way.</summary>
    public IReadOnlyList<HeapFileThread> Threads { get; init; } = [];

    public IReadOnlyList<HeapFileCollector> Collectors { get; init; } = [];

    /// <summary>Every resident byte; null in a file without it.</summary>
    public HeapFileResident? Resident { get; init; }

    /// <summary>What could not be read when the snapshot was taken, by id.</summary>
    public required IReadOnlyDictionary<string, long> Trouble { get; init; }

    /// <summary>Null unless the snapshot was taken by a recording.</summary>
    public HeapFileBirths? Births { get; init; }

    /// <summary>The same with births.</summary>
    public HeapFile With(HeapFileBirths births) => this with { Births = births, Facts = Facts with { BirthSampleBytes = births.SampleBytes } };

    /// <summary>Nodes of blocks that were damaged: they stand there without type, size and references.</summary>
    public long LostNodes { get; init; }
}

/// <summary>Where objects were allocated.</summary>
/// <param name="StackOfNode">By node: an index into <paramref name="Stacks"/>; -1 where it is not known.</param>
/// <param name="AgeOfNode">By node: milliseconds from its allocation to the snapshot, 25 days at most; -1 where it is not known.</param>
public sealed record HeapFileBirths(StackTable Stacks, int[] StackOfNode, int[] AgeOfNode)
{
    /// <summary>Only of samples: one of so many bytes allocated on average; 0: of all that were allocated while it was recorded.</summary>
    public long SampleBytes { get; init; }

    /// <summary>
    /// Of samples, by node: bytes of the block that it was allocated as, the largest number standing for all above; -1 where it is not known. How many
    /// objects a sample stands for follows from it. Empty where all were recorded, and in files of an older hognose.
    /// </summary>
    public int[] BlockBytesOfNode { get; init; } = [];
}

/// <param name="Kind">As <c>ReferenceKind</c> numbers it.</param>
public readonly record struct HeapFileName(byte Kind, string Text);

public readonly record struct HeapFilePlace(string File, int Line);

/// <param name="Certainty">As <c>SizeCertainty</c> numbers it, and <see cref="OldFinalizer"/> and <see cref="VariableSize"/>.</param>
/// <param name="Node">The type object, or -1.</param>
public sealed record HeapFileType(string Module, string Name, ulong Address, byte Certainty, int Node)
{
    /// <summary>The type has a finalizer that keeps the collector from cycles.</summary>
    public const byte OldFinalizer = 2;

    /// <summary>Instances vary in size (tp_itemsize).</summary>
    public const byte VariableSize = 4;
}

/// <param name="Kind">As <c>HolderKind</c> numbers it.</param>
/// <param name="Thread">Of a variable its thread; of a module its interpreter, 0 for the main one.</param>
public sealed record HeapFileHolder(int Node, byte Kind, string Name, int Thread, string Function, string File);

/// <summary>Bytes and nanoseconds.</summary>
public sealed record HeapFileFacts
{
    public string ToolVersion { get; init; } = "";

    public DateTimeOffset TakenAt { get; init; }

    public int ProcessId { get; init; }

    public string ProgramName { get; init; } = "";

    public string PythonVersion { get; init; } = "";

    public string LayoutVersion { get; init; } = "";

    /// <summary>As <see cref="HeapFileBirths.SampleBytes"/>.</summary>
    public long BirthSampleBytes { get; init; }

    public int Interpreters { get; init; }

    public int Threads { get; init; }

    public long PauseNanoseconds { get; init; }

    public int Stops { get; init; }

    public bool WasCollecting { get; init; }

    public long CopiedBytes { get; init; }

    public long Resident { get; init; }

    public long PeakResident { get; init; }

    public long Anonymous { get; init; }

    public long Files { get; init; }

    public long Shared { get; init; }

    public long Swapped { get; init; }

    public long ElapsedNanoseconds { get; init; }

    /// <summary>Text keys of dicts that are no namespaces are in, and values of strings, bytes and numbers.</summary>
    public bool HasContents { get; init; }

    /// <summary>Names of attributes and variables are hashes.</summary>
    public bool IsRedacted { get; init; }

    /// <summary>The process ran on while it was read.</summary>
    public bool IsApproximate { get; init; }

    public int Nodes { get; init; }

    /// <summary>The process was dead: the kernel's account is not in a core.</summary>
    public bool IsOfCore { get; init; }

    /// <summary>0 when it was dumped alive.</summary>
    public int CoreSignal { get; init; }

    public string CorePath { get; init; } = "";

    /// <summary>Of a core's process.</summary>
    public string CommandLine { get; init; } = "";
}
