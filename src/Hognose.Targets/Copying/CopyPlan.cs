using Hognose.Diagnostics;
using Hognose.Targets.Elf;
using Hognose.Targets.Memory;
using Hognose.Targets.Processes;

namespace Hognose.Targets.Copying;

/// <summary>
/// A look at a process's mappings and pages, and what follows from it: what must be copied while it stands still, what can be copied after
/// (read-only parts of its images, which nobody changes), and what is left out.
/// </summary>
internal sealed class CopyPlan
{
    /// <summary>Above this there is only the kernel's own ([vsyscall]).</summary>
    public const ulong EndOfUserSpace = 1UL << 47;

    private readonly HashSet<ulong> _imageStarts = [];
    private readonly HashSet<ulong> _constantStarts = [];

    private CopyPlan(IReadOnlyList<Mapping> mappings, List<PageRun>[] present)
    {
        Mappings = mappings;
        Present = present;
        Images = [.. LoadedImage.Find(mappings).Where(i => i.Mappings.Any(m => m.Has(MappingAccess.Execute)))];
        foreach (var mapping in Images.SelectMany(i => i.Mappings))
            _imageStarts.Add(mapping.Low.Value);
        foreach (var mapping in Images.SelectMany(ConstantParts))
            _constantStarts.Add(mapping.Low.Value);
    }

    public IReadOnlyList<Mapping> Mappings { get; }

    /// <summary>Present or swapped pages, one list a mapping.</summary>
    public IReadOnlyList<IReadOnlyList<PageRun>> Present { get; }

    public IReadOnlyList<LoadedImage> Images { get; }

    public static CopyPlan Look(TargetProcess process, PageMap pageMap, Limits limits)
    {
        var mappings = process.ReadMappings(limits).Where(m => m.High.Value <= EndOfUserSpace).ToList();
        return new CopyPlan(mappings, pageMap.Find(mappings));
    }

    /// <summary>Spans that the copy will have bytes in.</summary>
    public IEnumerable<(TargetAddress Low, TargetAddress High)> Spans =>
        Mappings.Where(IsCopied).Select(m => (m.Low, m.High));

    public List<PageRun> ChangingRuns
    {
        get
        {
            var runs = new List<PageRun>();
            for (var i = 0; i < Mappings.Count; i++)
                if (IsChanging(Mappings[i]))
                    runs.AddRange(Present[i]);
            return runs;
        }
    }

    /// <summary>
    /// Of an image: its constants (type names, static tables) and what was never touched of its data. Instructions are left out, unless the
    /// linker put constants among them, which shows in its header being executable (before binutils 2.31, or -z noseparate-code).
    /// </summary>
    public static IEnumerable<Mapping> ConstantParts(LoadedImage image) => image.Mappings.Where(m =>
        m.IsFile
        && m.Has(MappingAccess.Read)
        && !m.Has(MappingAccess.Shared)
        && (!m.Has(MappingAccess.Execute) || image.Mappings[0].Has(MappingAccess.Execute)));

    public RegionList Regions() => new([.. Mappings.Select((m, i) => new MemoryRegion(
        m.Low, m.High, KindOf(m), m.Access, m.Path, Present[i], IsImage(m), IsCopied(m)))]);

    /// <summary>Private memory that the target may change, or that has no file to read it from later.</summary>
    public static bool IsChanging(Mapping mapping) =>
        KindOf(mapping) is not (RegionKind.Shared or RegionKind.Special) && (mapping.Has(MappingAccess.Write) || !mapping.IsFile);

    private bool IsCopied(Mapping mapping) => IsChanging(mapping) || _constantStarts.Contains(mapping.Low.Value);

    private bool IsImage(Mapping mapping) => _imageStarts.Contains(mapping.Low.Value);

    private static RegionKind KindOf(Mapping mapping) => mapping switch
    {
        _ when !mapping.Has(MappingAccess.Read) => RegionKind.Special,
        _ when mapping.Has(MappingAccess.Shared) => RegionKind.Shared,
        { IsFile: true } => RegionKind.File,
        { Path: "[heap]" } => RegionKind.Heap,
        { Path: "[stack]" } => RegionKind.Stack,
        { Path: "" } => RegionKind.Anonymous,
        // "[anon:name]" is the target's own name for its memory (PR_SET_VMA_ANON_NAME); other brackets are the kernel's.
        { Path: var path } => path.StartsWith("[anon", StringComparison.Ordinal) ? RegionKind.Anonymous : RegionKind.Special,
    };
}
