using Hognose.Targets.Elf;
using Hognose.Targets.Memory;
using Hognose.Targets.Processes;

namespace Hognose.Targets.Copying;

/// <summary>
/// The parts of executables and libraries that nobody changes: copied when the target runs again. Pages it has touched are read from its
/// memory, all others from the file, so that its resident set stays as it was.
/// </summary>
internal sealed class ConstantParts : IDisposable
{
    /// <summary>Bytes of read-only files in one copy; an interpreter with its modules has some ten MB.</summary>
    public const ulong LargestTotal = 1UL << 30;

    private readonly TargetProcess _process;
    private readonly Dictionary<TargetAddress, MappedFile> _files = [];
    private readonly List<MissingRange> _missing = [];

    /// <summary>Opens the files while the target surely lives.</summary>
    public ConstantParts(TargetProcess process, CopyPlan look)
    {
        _process = process;
        foreach (var image in look.Images)
            Open(image);
    }

    public IReadOnlyList<MissingRange> Missing => _missing;

    /// <param name="plan">As it was while the target stood still.</param>
    public void Copy(CopyPlan plan, FrozenMemory memory, BulkReader reader)
    {
        var present = new List<PageRun>();
        var total = 0UL;
        var runs = Enumerable.Range(0, plan.Mappings.Count).ToDictionary(i => plan.Mappings[i].Low, i => plan.Present[i]);
        foreach (var image in plan.Images)
        {
            var file = Open(image);
            foreach (var part in CopyPlan.ConstantParts(image))
            {
                total += part.Length;
                if (total > LargestTotal)
                    Note(part.Low.Value, part.High.Value, MissingReason.BeyondLimit);
                else
                    CopyPart(part, runs[part.Low], file, memory, present);
            }
        }
        reader.Read(present);
    }

    public void Dispose()
    {
        foreach (var file in _files.Values)
            file.Dispose();
    }

    private MappedFile? Open(LoadedImage image)
    {
        if (!_files.TryGetValue(image.Start, out var file) && MappedFile.TryOpen(_process, image, out file))
            _files.Add(image.Start, file);
        return file;
    }

    private void CopyPart(
        Mapping part, IReadOnlyList<PageRun> touched, MappedFile? file, FrozenMemory memory, List<PageRun> present)
    {
        var isWritable = part.Has(MappingAccess.Write);
        if (file is null && !isWritable)
        {
            // Not ours to open (deleted, and we lack CAP_CHECKPOINT_RESTORE): reading it all maps a few clean pages of the file in the target.
            present.Add(new PageRun(part.Low.Value, part.High.Value));
            return;
        }
        // What the target may write was copied while it stood still.
        if (!isWritable)
            present.AddRange(touched);
        foreach (var gap in PageRun.Gaps(part.Low.Value, part.High.Value, touched))
            if (file is null)
                Note(gap.Low, gap.High, MissingReason.FileNotOpened);
            else if (!TryFill(memory, gap, file, part.Offset + (gap.Low - part.Low.Value)))
                Note(gap.Low, gap.High, MissingReason.Unreadable);
    }

    /// <summary>The last page of a file's last segment reads as zeros behind the file's end, as it does in the target.</summary>
    private static unsafe bool TryFill(FrozenMemory memory, PageRun gap, MappedFile file, ulong offset)
    {
        var destination = memory.Translate(gap.Low, gap.Length);
        return destination != null && file.ReadUpTo(offset, new Span<byte>(destination, checked((int)gap.Length))) > 0;
    }

    private void Note(ulong low, ulong high, MissingReason reason) =>
        _missing.Add(new MissingRange(new TargetAddress(low), new TargetAddress(high), reason));
}
