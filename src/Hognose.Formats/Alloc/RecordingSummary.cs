namespace Hognose.Formats.Alloc;

/// <summary>Dense index of a stack in <see cref="StackTable"/>; 0 is the empty stack ("no Python frame").</summary>
public readonly record struct StackId(int Value);

/// <summary>Dense index of a frame in <see cref="StackTable.Frames"/>.</summary>
public readonly record struct FrameId(int Value);

/// <summary>One line of one function, as a traceback shows it. <see cref="Line"/> 0: unknown.</summary>
public sealed record SourceFrame(string Function, string File, int Line, int FirstLine)
{
    /// <summary>In place of a file's name: no Python function, but the C function by which the one below asked for memory.</summary>
    public const string NativeFile = "<native>";

    public static SourceFrame Malloc { get; } = new("malloc", NativeFile, 0, 0);

    public static SourceFrame Mmap { get; } = new("mmap", NativeFile, 0, 0);

    /// <summary>The innermost frame of a stack whose blocks C code asked for itself. They are not the interpreter's.</summary>
    public bool IsNative => File == NativeFile;

    /// <summary>A function of C code.</summary>
    /// <param name="function">As the compiler calls it.</param>
    /// <param name="place">The source file, or the executable or library.</param>
    /// <param name="line">0: not known.</param>
    public static SourceFrame OfC(string function, string place, int line) => new(function, CPrefix + place, line, 0);

    public bool IsC => File.StartsWith(CPrefix, StringComparison.Ordinal);

    /// <summary><see cref="File"/>; of a C function the file alone.</summary>
    public string Place => IsC ? File[CPrefix.Length..] : File;

    private const string CPrefix = NativeFile + " ";
}

/// <summary>A trie of stacks: entry i has its caller's stack and its own innermost frame. Entry 0 is the empty stack.</summary>
public sealed record StackTable(IReadOnlyList<SourceFrame> Frames, int[] ParentStack, int[] InnermostFrame)
{
    public int Count => ParentStack.Length;

    /// <summary>C code asked for what this stack holds.</summary>
    public bool IsNative(int stack) => stack != 0 && Frames[InnermostFrame[stack]].IsNative;

    /// <summary>C code mapped what this stack holds.</summary>
    public bool IsMapping(int stack) => stack != 0 && Frames[InnermostFrame[stack]] == SourceFrame.Mmap;

    /// <summary>The stack whose innermost frame is the line of Python that asked, be it by C code.</summary>
    public int OfPython(int stack)
    {
        stack = IsNative(stack) ? ParentStack[stack] : stack;
        while (stack != 0 && Frames[InnermostFrame[stack]].IsC)
            stack = ParentStack[stack];
        return stack;
    }
}

/// <summary>What one stack allocated. Bytes and blocks are exact.</summary>
public record struct StackUsage
{
    /// <summary>Held when the whole program held the most.</summary>
    public long PeakBytes;
    public long PeakBlocks;

    /// <summary>Still held at the end: when CPython began to shut down, or at the last event where it never did.</summary>
    public long EndBytes;
    public long EndBlocks;

    /// <summary>Ever allocated.</summary>
    public long TotalBytes;
    public long TotalBlocks;

    /// <summary>Freed before the same thread made another allocation.</summary>
    public long TemporaryBlocks;
    public long TemporaryBytes;

    /// <summary>Neither allocated nor held anything. What was held since before a window allocated nothing in it, and is not empty.</summary>
    public readonly bool IsEmpty => this == default;

    public readonly StackUsage Plus(in StackUsage other) => new()
    {
        PeakBytes = PeakBytes + other.PeakBytes,
        PeakBlocks = PeakBlocks + other.PeakBlocks,
        EndBytes = EndBytes + other.EndBytes,
        EndBlocks = EndBlocks + other.EndBlocks,
        TotalBytes = TotalBytes + other.TotalBytes,
        TotalBlocks = TotalBlocks + other.TotalBlocks,
        TemporaryBlocks = TemporaryBlocks + other.TemporaryBlocks,
        TemporaryBytes = TemporaryBytes + other.TemporaryBytes,
    };
}

/// <summary>
/// Variances of the estimates of a recording of samples (bytes squared, blocks squared). Those of different stacks add up: blocks are sampled independently.
/// </summary>
public record struct StackVariance
{
    public double PeakBytes;
    public double PeakBlocks;
    public double EndBytes;
    public double EndBlocks;
    public double TotalBytes;
    public double TotalBlocks;

    public readonly StackVariance Plus(in StackVariance other) => new()
    {
        PeakBytes = PeakBytes + other.PeakBytes,
        PeakBlocks = PeakBlocks + other.PeakBlocks,
        EndBytes = EndBytes + other.EndBytes,
        EndBlocks = EndBlocks + other.EndBlocks,
        TotalBytes = TotalBytes + other.TotalBytes,
        TotalBlocks = TotalBlocks + other.TotalBlocks,
    };
}

/// <summary>One moment of the timeline: nanoseconds since recording began, bytes. <see cref="ResidentBytes"/> -1: not known.</summary>
public readonly record struct TimelinePoint(long Nanoseconds, long HeapBytes, long ResidentBytes);

/// <summary>How the program ended, as wait status says it.</summary>
public enum ProgramEnding
{
    Unknown = 0,
    Exited = 1,
    Signalled = 2,
}

/// <summary>What was recorded, of whom, and what it cost.</summary>
public sealed record RecordingFacts
{
    public required string ToolVersion { get; init; }

    /// <summary>Full version, "3.11.7"; empty when Python never started.</summary>
    public required string PythonVersion { get; init; }

    /// <summary>The command line of the program, one entry an argument.</summary>
    public required IReadOnlyList<string> CommandLine { get; init; }

    public required DateTimeOffset StartedAt { get; init; }
    public required long DurationNanoseconds { get; init; }
    public required int ProcessId { get; init; }
    public required ProgramEnding Ending { get; init; }

    /// <summary>Exit status, or the signal's number.</summary>
    public required int EndingCode { get; init; }

    /// <summary>Empty when the recording is whole; else why it stops before the program did.</summary>
    public required string StoppedBecause { get; init; }

    public required long Allocations { get; init; }
    public required long Frees { get; init; }
    public required long AllocatedBytes { get; init; }
    public required long TemporaryAllocations { get; init; }
    public required long PeakBytes { get; init; }
    public required long PeakBlocks { get; init; }
    public required long PeakNanoseconds { get; init; }
    public required long EndBytes { get; init; }
    public required long EndBlocks { get; init; }

    /// <summary>Says so when the interpreter's own micro release has no layout table and another's was used; empty otherwise.</summary>
    public string LayoutNotice { get; init; } = "";

    /// <summary>When the end was, nanoseconds since recording began.</summary>
    public long EndNanoseconds { get; init; }

    /// <summary>True: the end is the instant at which CPython began to shut down. False: it never did (a signal, os._exit), the end is the last event.</summary>
    public bool SawTearDown { get; init; }

    /// <summary>What not even CPython's own shutdown freed; of a program that was killed, the same as at the end.</summary>
    public long NeverFreedBytes { get; init; }
    public long NeverFreedBlocks { get; init; }

    /// <summary>Frees of addresses whose allocation was not seen (made before the hooks were on); they are not an error.</summary>
    public required long UnknownFrees { get; init; }

    /// <summary>Only samples were recorded, one of so many bytes on average, and what is said of memory is estimated from them; 0: every allocation was.</summary>
    public long SampleBytes { get; init; }

    /// <summary>Whether C code's own allocations were recorded, too.</summary>
    public bool NativeAllocations { get; init; }

    /// <summary>Blocks of C code whose allocation, or whose free, went a way that is not seen: by the loader, or inside the interpreter. No error.</summary>
    public long NativeUnknownFrees { get; init; }
    public long NativeUnseenFrees { get; init; }

    /// <summary>Whether stacks have C frames.</summary>
    public bool NativeStacks { get; init; }

    /// <summary>Events whose C frames do not reach the thread's first function.</summary>
    public long CutNativeStacks { get; init; }

    /// <summary>Calls in libraries that could not be hooked.</summary>
    public long UnhookedSlots { get; init; }

    /// <summary>Allocations at an address that was already live: contradictory events, 0 in a sound recording.</summary>
    public required long DuplicateAllocations { get; init; }
    public required long LostEvents { get; init; }
    public required long Waits { get; init; }
    public required long WaitedNanoseconds { get; init; }
    public required long Forks { get; init; }

    /// <summary>Frames that found the agent's tables full: their allocations are counted at the innermost caller that is known.</summary>
    public long TruncatedStacks { get; init; }

    /// <summary>Functions that found the agent's tables full: their name and file are unknown.</summary>
    public long UndescribedCodes { get; init; }
    public required int Threads { get; init; }

    /// <summary>CPU time (user + system) of the program, and of the tool while it followed; 0: not known.</summary>
    public required long ProgramCpuNanoseconds { get; init; }
    public required long ToolCpuNanoseconds { get; init; }

    /// <summary>Largest resident size of the program as the kernel counted it; -1: not known.</summary>
    public required long MaximumResidentBytes { get; init; }

    /// <summary>The file has every event, so any moment and any thread can be asked for.</summary>
    public bool KeepsEvents { get; init; }

    /// <summary>Processes that it started have recordings of their own.</summary>
    public bool FollowsFamily { get; init; }

    /// <summary>Not recorded by us, but what a running tracemalloc knew to be alive; null: recorded by us. Nothing but the end is known then.</summary>
    public TracemallocFacts? Tracemalloc { get; init; }

    /// <summary>Recordings with the same one were made by the same run, and share a clock; 0: not known.</summary>
    public long FamilyId { get; init; }

    /// <summary>When recording began, nanoseconds of the machine's monotonic clock; 0: not known.</summary>
    public long BeganNanoseconds { get; init; }

    /// <summary>
    /// What the program and the processes that it started held at most at the same time, an estimate from their timelines: bytes, when (since the begin), and
    /// how many processes there were then. 0: there was no other process, or it is not known.
    /// </summary>
    public long FamilyPeakBytes { get; init; }
    public long FamilyPeakNanoseconds { get; init; }
    public long FamilyPeakProcesses { get; init; }

    /// <summary>Which part of a recording this is of, in words; empty: all of it. Not stored.</summary>
    public string Part { get; init; } = "";

    /// <summary>The file has no end: what it told up to there is all that is known. Not stored.</summary>
    public bool IsCutShort { get; init; }

    /// <summary>false: of a part that ends before the recording, so that nobody knows what was never freed. Not stored.</summary>
    public bool IsUntilEnd { get; init; } = true;

    /// <summary>More than one: of so many processes together, each at its own high-water mark and its own end. Not stored.</summary>
    public int Processes { get; init; } = 1;
}

/// <summary>Of a recording that is what tracemalloc in a program knew when it was read from outside.</summary>
/// <param name="Frames">The most that it keeps of a stack; 0: not known.</param>
/// <param name="PeakBytes">The most that it had traced at once; -1: not known.</param>
public sealed record TracemallocFacts(int Frames, long PeakBytes)
{
    /// <summary>Distinct stacks that were longer than what is kept of them; 0 also where nothing says so (3.8). Not stored.</summary>
    public long CutStacks { get; init; }

    /// <summary>What is alive by domain, ascending. Not stored.</summary>
    public IReadOnlyList<TracedDomain> Domains { get; init; } = [];
}

/// <summary>What one domain of tracemalloc holds: 0 is Python's own, libraries have others (numpy 389047).</summary>
public readonly record struct TracedDomain(uint Domain, long Bytes, long Blocks);

/// <summary>What a stack's blocks were that were still held at the end.</summary>
/// <param name="Type">Of the objects, with its module; empty for memory that is no object and no object's storage (a buffer of C code).</param>
/// <param name="Blocks">Objects; of memory that is none, blocks. 0: only what objects store outside of themselves, which were made elsewhere.</param>
/// <param name="Bytes">Of objects with what they store outside of themselves (a list's items, a dict's keys), as far as this stack allocated it.</param>
public sealed record SurvivingType(int Stack, string Type, long Blocks, long Bytes);

/// <summary>One way in which objects of a stack were held at the end.</summary>
/// <param name="HeldBy">In the words of 'hognose why'.</param>
/// <param name="Bytes">Of the objects themselves.</param>
public sealed record SurvivorHolder(int Stack, string HeldBy, long Objects, long Bytes);

/// <summary>A finished recording, as <c>*.alloc</c> keeps it and as reports show it. <see cref="Usage"/> is indexed by stack.</summary>
public sealed record RecordingSummary(
    RecordingFacts Facts,
    StackTable Stacks,
    StackUsage[] Usage,
    IReadOnlyList<TimelinePoint> Timeline)
{
    /// <summary>By stack, as <see cref="Usage"/>; empty when every allocation was recorded.</summary>
    public StackVariance[] Variances { get; init; } = [];

    /// <summary>Empty unless the recording looked at the heap at its end (--objects).</summary>
    public IReadOnlyList<SurvivingType> SurvivingTypes { get; init; } = [];

    /// <summary>The same; the ways of the stacks that held the most.</summary>
    public IReadOnlyList<SurvivorHolder> SurvivorHolders { get; init; } = [];

    /// <summary>Processes that the program started and that were recorded, too; in the order of their begin.</summary>
    public IReadOnlyList<FamilyMember> Family { get; init; } = [];

    /// <summary>The collector at work, in the order of time; empty where it was not looked at.</summary>
    public IReadOnlyList<CollectionGroup> Collections { get; init; } = [];

    /// <summary>In the order of time.</summary>
    public IReadOnlyList<RecordingMark> Marks { get; init; } = [];

    public RecordingShape Shape { get; init; } = RecordingShape.Unknown;

    /// <summary>null: nobody asked for one.</summary>
    public RecordingSpread? Spread { get; init; }

    /// <summary>The same without C frames: what they allocated stands at the line of Python that called them.</summary>
    public RecordingSummary OfPython() => Facts.NativeStacks ? PythonStacks.Of(this) : this;
}
