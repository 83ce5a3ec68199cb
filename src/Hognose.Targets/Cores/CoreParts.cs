using Hognose.Targets.Copying;
using Hognose.Targets.Elf;
using Hognose.Targets.Memory;
using Hognose.Targets.Processes;

namespace Hognose.Targets.Cores;

/// <summary>
/// The mappings of a dead process, put together from its core's segments and from the files that its notes name. gcore names read-only files
/// in the notes only; what those parts were is then read from their binaries.
/// </summary>
internal static class CoreParts
{
    private const ulong PageMask = 4095;
    private const uint Executable = 1;
    private const uint Writable = 2;
    private const uint Readable = 4;

    /// <summary>Ascending, without overlaps.</summary>
    public static List<CorePart> Of(CoreHeaders headers, CoreNotes notes, CoreBinaries binaries)
    {
        var files = notes.Files.Where(file => file.High <= CopyPlan.EndOfUserSpace).OrderBy(file => file.Low).ToList();
        var inodes = new Dictionary<string, ulong>();
        var covered = headers.Segments.Select(segment => new PageRun(segment.Low, segment.High)).ToList();
        var parts = new List<CorePart>(headers.Segments.Select(segment => Of(segment, FileAt(files, segment.Low), inodes)));
        var end = 0UL;
        foreach (var file in files)
        {
            foreach (var gap in Uncovered(new PageRun(Math.Max(file.Low, end), file.High), covered))
                parts.Add(new CorePart(MappingOf(gap, file, AccessOf(file, gap, binaries), inodes), 0, 0));
            end = Math.Max(end, file.High);
        }
        parts.Sort((a, b) => a.Mapping.Low.CompareTo(b.Mapping.Low));
        return parts;
    }

    private static IEnumerable<PageRun> Uncovered(PageRun wanted, List<PageRun> covered)
    {
        var first = covered.BinarySearch(wanted, Comparer<PageRun>.Create((a, b) => a.Low.CompareTo(b.Low)));
        first = Math.Max(0, first < 0 ? ~first - 1 : first);
        return wanted.Low < wanted.High
            ? PageRun.Gaps(wanted.Low, wanted.High, covered.Skip(first).TakeWhile(run => run.Low < wanted.High))
            : [];
    }

    private static CorePart Of(CoreSegment segment, CoreMappedFile? file, Dictionary<string, ulong> inodes)
    {
        var access = AccessOf(segment.Flags);
        var run = new PageRun(segment.Low, segment.High);
        var mapping = file is { } known
            ? MappingOf(run, known, access, inodes)
            : new Mapping(new TargetAddress(run.Low), new TargetAddress(run.High), access, 0, "00:00", 0, "", false);
        return new CorePart(mapping, segment.Offset, segment.DumpedBytes);
    }

    private static CoreMappedFile? FileAt(List<CoreMappedFile> files, ulong address)
    {
        int low = 0, high = files.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (address < files[middle].Low)
                high = middle - 1;
            else if (address >= files[middle].High)
                low = middle + 1;
            else
                return files[middle];
        }
        return null;
    }

    /// <summary>Notes have no inode numbers; one for each path serves to tell files apart.</summary>
    private static Mapping MappingOf(PageRun run, CoreMappedFile file, MappingAccess access, Dictionary<string, ulong> inodes)
    {
        if (!inodes.TryGetValue(file.Path, out var inode))
            inodes.Add(file.Path, inode = (ulong)inodes.Count + 1);
        // The kernel's names for memory shared without a file (mm/shmem.c, ipc/shm.c).
        if (file.IsDeleted && (file.Path.StartsWith("/dev/zero", StringComparison.Ordinal) || file.Path.StartsWith("/SYSV", StringComparison.Ordinal)))
            access |= MappingAccess.Shared;
        return new Mapping(
            new TargetAddress(run.Low), new TargetAddress(run.High), access, unchecked(file.Offset + (run.Low - file.Low)), "core", inode,
            file.Path, file.IsDeleted);
    }

    private static MappingAccess AccessOf(uint flags) =>
        ((flags & Readable) != 0 ? MappingAccess.Read : MappingAccess.None)
        | ((flags & Writable) != 0 ? MappingAccess.Write : MappingAccess.None)
        | ((flags & Executable) != 0 ? MappingAccess.Execute : MappingAccess.None);

    /// <summary>As the binary's program headers ask for it. Unknown without it: it then counts as code, of which nothing is wanted.</summary>
    private static MappingAccess AccessOf(CoreMappedFile file, PageRun run, CoreBinaries binaries)
    {
        if (binaries.Find(file.Path) is not { } binary)
            return MappingAccess.Read | MappingAccess.Execute;
        var offset = unchecked(file.Offset + (run.Low - file.Low));
        foreach (var segment in BuildId.Segments(binary, TargetAddress.Null))
            if (segment.Type == ElfSegment.Load && offset >= (segment.Offset & ~PageMask) && offset - (segment.Offset & ~PageMask) < segment.FileSize)
                return AccessOf(segment.Flags);
        return MappingAccess.Read;
    }
}
