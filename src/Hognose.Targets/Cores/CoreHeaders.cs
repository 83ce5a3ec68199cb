using Hognose.Diagnostics;
using Hognose.Targets.Copying;
using Hognose.Targets.Elf;

namespace Hognose.Targets.Cores;

/// <summary>Memory of the process that a core describes (<c>PT_LOAD</c>), within user space and whole pages.</summary>
/// <param name="Offset">In the file.</param>
/// <param name="DumpedBytes">Of it the file claims to hold, from its low end on; the rest was left out.</param>
internal readonly record struct CoreSegment(ulong Low, ulong High, ulong Offset, ulong DumpedBytes, uint Flags);

/// <summary>A core's program headers (core(5), elf(5)), believed only where they can be true of a process.</summary>
internal sealed class CoreHeaders
{
    private const ulong PageMask = 4095;

    /// <summary>e_phnum of a core with more headers than 16 bits count: the true number is sh_info of section 0 (PN_XNUM).</summary>
    private const int ExtendedCount = 0xffff;

    private const int SectionInfoOffset = 44;

    private CoreHeaders(IReadOnlyList<CoreSegment> segments, IReadOnlyList<PageRun> notes)
    {
        Segments = segments;
        Notes = notes;
    }

    /// <summary>Ascending, without overlaps.</summary>
    public IReadOnlyList<CoreSegment> Segments { get; }

    /// <summary>Where in the file the notes are.</summary>
    public IReadOnlyList<PageRun> Notes { get; }

    /// <exception cref="CannotContinueException">It is no core, of another machine, or contradicts itself.</exception>
    public static CoreHeaders Read(CoreBytes file, string path, Limits limits)
    {
        var header = ReadHeader(file, path);
        var segments = new List<CoreSegment>();
        var notes = new List<PageRun>();
        var bytes = new byte[ElfSegment.Size];
        var count = Count(file, header, path, limits);
        for (var i = 0; i < count; i++)
        {
            if (!file.TryRead(unchecked(header.ProgramHeaderOffset + ((ulong)i * ElfSegment.Size)), bytes))
                throw Damaged(path, $"it ends within its {count} program headers");
            var segment = ElfSegment.Parse(bytes);
            if (segment.Type == ElfSegment.Note && segment.FileSize <= ulong.MaxValue - segment.Offset)
                notes.Add(new PageRun(segment.Offset, segment.Offset + segment.FileSize));
            // Above user space there is only the kernel's [vsyscall].
            else if (segment is { Type: ElfSegment.Load, MemorySize: > 0 } && segment.VirtualAddress < CopyPlan.EndOfUserSpace)
                segments.Add(Check(segment, path));
        }
        segments.Sort((a, b) => a.Low.CompareTo(b.Low));
        for (var i = 1; i < segments.Count; i++)
            if (segments[i].Low < segments[i - 1].High)
                throw Damaged(path, $"its segments overlap at 0x{segments[i].Low:x}");
        return segments.Count > 0 ? new CoreHeaders(segments, notes) : throw Damaged(path, "it holds no memory");
    }

    public static CannotContinueException Damaged(string path, string what) => new($"core '{path}' is damaged: {what}", "get a whole copy of it");

    private static ElfHeader ReadHeader(CoreBytes file, string path)
    {
        var bytes = new byte[ElfHeader.Size];
        if (file.Length == 0)
            throw new CannotContinueException($"core '{path}' is empty", "a full disk or a limit (ulimit -c) may have cut it off");
        if (file.ReadUpTo(0, bytes) < 4 || !bytes.AsSpan().StartsWith("\u007fELF"u8))
            throw new CannotContinueException($"'{path}' is no core file", "give a core, as the kernel, gcore or systemd-coredump write it");
        if (!file.TryRead(0, bytes))
            throw Damaged(path, "it ends within its header");
        if (!ElfHeader.TryParse(bytes, out var header) || !header.IsSupported)
            throw new CannotContinueException($"core '{path}' is of another kind of machine", "only 64-bit x86-64 cores are supported");
        if (header.Type != ElfHeader.TypeCore)
            throw new CannotContinueException($"'{path}' is a program or library, not a core", "give a core, as the kernel, gcore or systemd-coredump write it");
        return header.ProgramHeaderSize == ElfSegment.Size ? header : throw Damaged(path, $"its program headers have {header.ProgramHeaderSize} bytes each");
    }

    private static long Count(CoreBytes file, ElfHeader header, string path, Limits limits)
    {
        var count = (long)header.ProgramHeaderCount;
        var info = new byte[4];
        if (count == ExtendedCount && header.SectionHeaderOffset != 0)
            count = file.TryRead(unchecked(header.SectionHeaderOffset + SectionInfoOffset), info)
                ? BitConverter.ToUInt32(info)
                : throw Damaged(path, "it ends before its section header");
        return count <= limits.Mappings ? count : throw Damaged(path, $"it claims to have {count:N0} segments");
    }

    private static CoreSegment Check(ElfSegment segment, string path)
    {
        var where = $"its segment at 0x{segment.VirtualAddress:x}";
        if (segment.MemorySize > CopyPlan.EndOfUserSpace - segment.VirtualAddress)
            throw Damaged(path, $"{where} claims 0x{segment.MemorySize:x} bytes");
        if (((segment.VirtualAddress | segment.MemorySize) & PageMask) != 0)
            throw Damaged(path, $"{where} is not made of pages");
        if (segment.FileSize > segment.MemorySize || segment.Offset > long.MaxValue - segment.FileSize)
            throw Damaged(path, $"{where} claims more bytes in the file than it has");
        return new CoreSegment(segment.VirtualAddress, segment.VirtualAddress + segment.MemorySize, segment.Offset, segment.FileSize, segment.Flags);
    }
}
