using Hognose.Diagnostics;
using Hognose.Targets.Copying;
using Hognose.Targets.Elf;
using Hognose.Targets.Memory;
using Hognose.Targets.Processes;

namespace Hognose.Targets.Cores;

/// <summary>
/// A process as a core file keeps it (the kernel's, gcore's, systemd-coredump's; plain or compressed by gzip or zstd), with its binaries where
/// they are to be had. The file must not be cut short while the copy is in use: its pages are mapped.
/// </summary>
public sealed class CoreFile : ITarget, IDisposable
{
    private const int LargestPiece = 4 << 20;

    /// <summary>Those that end a process with a core (signal(7)).</summary>
    private static readonly int[] CoreSignals = [3, 4, 5, 6, 7, 8, 11, 24, 25, 31];

    private readonly CoreBytes _bytes;
    private readonly CoreBinaries _binaries;
    private readonly CoreNotes _notes;
    private readonly List<Mapping> _mappings;

    private CoreFile(string path, CoreBytes bytes, CoreHeaders headers, CoreNotes notes, CoreBinaries binaries, Limits limits, CancellationToken cancellation)
    {
        Path = path;
        _bytes = bytes;
        _notes = notes;
        _binaries = binaries;
        var parts = CoreParts.Of(headers, notes, binaries);
        CoreHeap.Name(parts, new DumpedMemory(bytes, headers.Segments), notes.Threads.FirstOrDefault(thread => thread.Id == notes.ProcessId).StackPointer);
        _mappings = [.. parts.Select(part => part.Mapping).Take(limits.Mappings)];
        var copier = new CoreCopier(bytes, binaries, parts);
        var (memory, regions) = copier.Copy(this, notes.ProcessId, notes.Threads, cancellation);
        Copy = new MemoryCopy
        {
            Memory = memory,
            Regions = regions,
            Pause = TimeSpan.Zero,
            Stops = 0,
            Threads = notes.Threads.Count,
            WasSuitableInstant = true,
            CopiedBytes = copier.DumpedBytes,
            Status = ProcStatus.OfDead(notes.ProgramName),
            Account = CoreAccount.Of(regions.Regions, notes.Threads),
        };
        var images = regions.Regions.Where(region => region.IsImage).Select(region => region.Path).ToHashSet();
        MissingBinaries = [.. binaries.Missing.Where(missing => images.Contains(missing.Path))];
    }

    public string Path { get; }

    public string Display => _notes.ProgramName.Length > 0 ? $"core '{Path}' ({_notes.ProgramName})" : $"core '{Path}'";

    /// <summary>Its memory, which outlives this and of which the caller disposes. Sizes in <see cref="MemoryCopy.Status"/> are unknown, hence 0.</summary>
    public MemoryCopy Copy { get; }

    public IMemoryReader Memory => Copy.Memory;

    /// <summary>0 when the core doesn't say.</summary>
    public int ProcessId => _notes.ProcessId;

    /// <summary>At most 15 bytes, chosen by the process.</summary>
    public string ProgramName => _notes.ProgramName;

    /// <summary>The start of its command line, at most 79 bytes.</summary>
    public string CommandLine => _notes.CommandLine;

    /// <summary>That the process was dumped for; 0 when it was dumped alive: gcore puts its own SIGSTOP there.</summary>
    public int Signal => CoreSignals.Contains(_notes.Signal) ? _notes.Signal : 0;

    /// <summary>Bytes that the file claims to hold and doesn't.</summary>
    public ulong CutOffBytes => Copy.Memory.Missing.Where(range => range.Reason == MissingReason.CutOff).Aggregate(0UL, (sum, range) => sum + range.Length);

    /// <summary>Of the kernel's ids; the first is the one that the signal hit.</summary>
    public IReadOnlyList<CoreThread> Threads => _notes.Threads;

    /// <summary>Executables and libraries whose constants (names of types, among others) are therefore lacking.</summary>
    public IReadOnlyList<MissingBinary> MissingBinaries { get; }

    /// <param name="path">Of the core.</param>
    /// <param name="root">A directory that stands for "/" where the process ran, in which its binaries are sought; null for ours.</param>
    /// <param name="limits">Bounds on what is believed of the file.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="CannotContinueException">It is no core, damaged, of another machine, or doesn't fit into memory.</exception>
    public static CoreFile Open(string path, string? root, Limits limits, CancellationToken cancellation)
    {
        if (root is not null && !Directory.Exists(root))
            throw new CannotContinueException($"'{root}' is no directory", "give the directory that holds the binaries, as --sysroot DIR");
        var bytes = CoreBytes.Open(path);
        CoreBinaries? binaries = null;
        try
        {
            var headers = CoreHeaders.Read(bytes, path, limits);
            var notes = CoreNotes.Read(bytes, headers, limits);
            binaries = new CoreBinaries(notes.Files, new DumpedMemory(bytes, headers.Segments), root?.TrimEnd('/'));
            return new CoreFile(path, bytes, headers, notes, binaries, limits, cancellation);
        }
        catch
        {
            binaries?.Dispose();
            bytes.Dispose();
            throw;
        }
    }

    public IReadOnlyList<Mapping> ReadMappings(Limits limits) => _mappings;

    public IEnumerable<MemoryPiece> ReadPresent(IReadOnlyList<Mapping> mappings, int overlap)
    {
        foreach (var mapping in mappings)
        {
            if (!Copy.Regions.TryFind(mapping.Low, out var region) || !region.IsCopied)
                continue;
            foreach (var run in PageRun.Gaps(mapping.Low.Value, mapping.High.Value, MissingOf(mapping)))
                for (var low = run.Low; low < run.High; low += LargestPiece)
                {
                    var start = low == run.Low ? low : low - (ulong)overlap;
                    var bytes = new byte[Math.Min(low + LargestPiece, run.High) - start];
                    if (Copy.Memory.TryRead(new TargetAddress(start), bytes))
                        yield return new MemoryPiece(new TargetAddress(start), bytes);
                }
        }
    }

    /// <summary>A mapping may claim terabytes of which the core has a page.</summary>
    private IEnumerable<PageRun> MissingOf(Mapping mapping)
    {
        var missing = Copy.Memory.Missing;
        int first = 0, end = missing.Count;
        while (first < end)
        {
            var middle = (first + end) / 2;
            (first, end) = missing[middle].High <= mapping.Low ? (middle + 1, end) : (first, middle);
        }
        for (; first < missing.Count && missing[first].Low < mapping.High; first++)
            yield return new PageRun(missing[first].Low.Value, missing[first].High.Value);
    }

    public bool TryOpenFile(LoadedImage image, out MappedFile file) => _binaries.TryOpen(image.Path, out file);

    public bool IsStillThere() => false;

    public void Dispose()
    {
        _binaries.Dispose();
        _bytes.Dispose();
    }
}
