using Hognose.Targets.Copying;
using Hognose.Targets.Elf;
using Hognose.Targets.Memory;
using Hognose.Targets.Processes;

namespace Hognose.Targets.Cores;

/// <summary>
/// Fills a mirror from a core: whole pages are mapped, which costs nothing; others (gcore aligns nothing) are read; what the core leaves out of
/// executables and libraries comes from their files.
/// </summary>
internal sealed class CoreCopier(CoreBytes file, CoreBinaries binaries, IReadOnlyList<CorePart> parts)
{
    private const ulong PageSize = 4096;
    private const int PieceLength = 32 << 20;

    private readonly List<MissingRange> _missing = [];
    private readonly HashSet<ulong> _images = [];

    /// <summary>What their files hold of mappings that the core leaves out, by where these begin; too much of it is 0.</summary>
    private readonly Dictionary<ulong, ulong> _constants = [];

    /// <summary>Bytes of the core that the mirror holds.</summary>
    public ulong DumpedBytes { get; private set; }

    /// <exception cref="Diagnostics.CannotContinueException">It doesn't fit into memory or address space.</exception>
    public (FrozenMemory Memory, RegionList Regions) Copy(ITarget core, int mainThread, IReadOnlyList<CoreThread> threads, CancellationToken cancellation)
    {
        var images = LoadedImage.Find([.. parts.Select(part => part.Mapping)]).Where(image => image.Mappings.Any(each => each.Has(MappingAccess.Execute))).ToList();
        _images.UnionWith(images.SelectMany(image => image.Mappings).Select(mapping => mapping.Low.Value));
        var fromFiles = FindConstants(images);
        AvailableMemory.Require(core, parts.Where(part => IsCopied(part) && !IsMappable(part)).Aggregate(fromFiles, (sum, part) => sum + Held(part)));
        var memory = new FrozenMemory(parts.Where(IsCopied).Select(part => (part.Mapping.Low, part.Mapping.High)));
        try
        {
            foreach (var part in parts.Where(IsCopied))
            {
                cancellation.ThrowIfCancellationRequested();
                Fill(memory, part, cancellation);
            }
            memory.MarkMissing(_missing);
            var stack = threads.FirstOrDefault(thread => thread.Id == mainThread).StackPointer;
            return (memory, new RegionList([.. parts.Select(part => RegionOf(memory, part, stack))]));
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    private bool IsCopied(CorePart part) =>
        part.Mapping.Has(MappingAccess.Read)
        && !part.Mapping.Has(MappingAccess.Shared)
        && (part.DumpedBytes > 0 || _constants.ContainsKey(part.Mapping.Low.Value));

    /// <returns>Bytes in all.</returns>
    private ulong FindConstants(IEnumerable<LoadedImage> images)
    {
        foreach (var mapping in images.SelectMany(CopyPlan.ConstantParts))
            _constants[mapping.Low.Value] = 0;
        var total = 0UL;
        foreach (var part in parts.Where(part => part.DumpedBytes < part.Mapping.Length && _constants.ContainsKey(part.Mapping.Low.Value)))
        {
            var length = FromFile(part);
            if (length > ConstantParts.LargestTotal - total)
                continue;
            _constants[part.Mapping.Low.Value] = length;
            total += length;
        }
        return total;
    }

    private ulong FromFile(CorePart part)
    {
        var offset = part.Mapping.Offset + part.DumpedBytes;
        var length = binaries.Find(part.Mapping.Path)?.Length ?? 0;
        return offset < length ? Math.Min(part.Mapping.Length - part.DumpedBytes, length - offset) : 0;
    }

    private static bool IsMappable(CorePart part) => part.Offset % PageSize == 0;

    /// <summary>Bytes that the file really has of what it claims.</summary>
    private ulong Held(CorePart part) => part.Offset >= file.Length ? 0 : Math.Min(part.DumpedBytes, file.Length - part.Offset);

    private void Fill(FrozenMemory memory, CorePart part, CancellationToken cancellation)
    {
        var low = part.Mapping.Low.Value;
        var held = Held(part);
        var mapped = IsMappable(part) ? held & ~(PageSize - 1) : 0;
        if (mapped > 0 && !memory.TryMap(low, mapped, file.Descriptor, part.Offset))
            mapped = 0;
        Read(memory, low + mapped, part.Offset + mapped, held - mapped, cancellation);
        DumpedBytes += held;
        Note(low + held, low + part.DumpedBytes, MissingReason.CutOff);
        FillFromBinary(memory, part);
    }

    private void Read(FrozenMemory memory, ulong low, ulong offset, ulong length, CancellationToken cancellation)
    {
        var options = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = BulkReader.Workers };
        var pieces = file.DataRuns(offset, offset + length)
            .SelectMany(run => Enumerable.Range(0, (int)((run.Length + PieceLength - 1) / PieceLength))
                .Select(i => new PageRun(run.Low + ((ulong)i * PieceLength), Math.Min(run.Low + ((ulong)(i + 1) * PieceLength), run.High))));
        Parallel.ForEach(pieces, options, piece => ReadPiece(memory, low + (piece.Low - offset), piece));
    }

    private unsafe void ReadPiece(FrozenMemory memory, ulong low, PageRun piece)
    {
        var destination = memory.Translate(low, piece.Length);
        var got = destination == null ? 0 : file.ReadUpTo(piece.Low, new Span<byte>(destination, (int)piece.Length));
        lock (_missing)
            Note(low + (ulong)got, low + piece.Length, MissingReason.Unreadable);
    }

    /// <summary>The last page of a file's last segment reads as zeros behind the file's end, as it did in the process.</summary>
    private unsafe void FillFromBinary(FrozenMemory memory, CorePart part)
    {
        var low = part.Mapping.Low.Value + part.DumpedBytes;
        var high = part.Mapping.High.Value;
        if (low >= high)
            return;
        var length = _constants.GetValueOrDefault(part.Mapping.Low.Value);
        var destination = memory.Translate(low, high - low);
        var isFilled = length > 0
            && destination != null
            && binaries.Find(part.Mapping.Path) is { } binary
            && binary.ReadUpTo(part.Mapping.Offset + part.DumpedBytes, new Span<byte>(destination, (int)length)) > 0;
        if (!isFilled)
            Note(low, high, length == 0 && FromFile(part) > 0 && _constants.ContainsKey(part.Mapping.Low.Value) ? MissingReason.BeyondLimit : MissingReason.NotInCore);
    }

    private MemoryRegion RegionOf(FrozenMemory memory, CorePart part, ulong stack)
    {
        var mapping = part.Mapping;
        var held = mapping.Low.Value + Held(part);
        var skew = unchecked(mapping.Low.Value - part.Offset);
        var present = file.DataRuns(part.Offset, part.Offset + Held(part))
            .Select(run => new PageRun(unchecked(run.Low + skew) & ~(PageSize - 1), Math.Min((unchecked(run.High + skew) + PageSize - 1) & ~(PageSize - 1), held)))
            .ToList();
        var touched = IsMappable(part) || mapping.IsFile || !IsCopied(part) ? Joined(present) : TouchedPages.Of(memory, Joined(present));
        return new MemoryRegion(
            mapping.Low, mapping.High, KindOf(mapping, stack), mapping.Access, mapping.Path, touched, _images.Contains(mapping.Low.Value), IsCopied(part));
    }

    /// <summary>Runs whose ends were widened to pages may touch.</summary>
    private static List<PageRun> Joined(List<PageRun> runs)
    {
        var joined = new List<PageRun>(runs.Count);
        foreach (var run in runs)
            if (joined.Count > 0 && run.Low <= joined[^1].High)
                joined[^1] = new PageRun(joined[^1].Low, Math.Max(joined[^1].High, run.High));
            else
                joined.Add(run);
        return joined;
    }

    private static RegionKind KindOf(Mapping mapping, ulong stack) => mapping switch
    {
        _ when !mapping.Has(MappingAccess.Read) => RegionKind.Special,
        _ when mapping.Has(MappingAccess.Shared) => RegionKind.Shared,
        { IsFile: true } => RegionKind.File,
        { Path: "[heap]" } => RegionKind.Heap,
        _ => mapping.Contains(new TargetAddress(stack)) ? RegionKind.Stack : RegionKind.Anonymous,
    };

    private void Note(ulong low, ulong high, MissingReason reason)
    {
        if (low < high)
            _missing.Add(new MissingRange(new TargetAddress(low), new TargetAddress(high), reason));
    }
}
