using System.Buffers.Binary;
using System.Text;
using Hognose.Diagnostics;

namespace Hognose.Targets.Cores;

/// <summary>A thread at the moment of the dump.</summary>
/// <param name="StackPointer">Its rsp.</param>
public readonly record struct CoreThread(int Id, ulong StackPointer);

/// <summary>One line of <c>NT_FILE</c>: which file stood at [Low, High).</summary>
/// <param name="Offset">Bytes into the file.</param>
/// <param name="Path">As the process saw it.</param>
internal readonly record struct CoreMappedFile(ulong Low, ulong High, ulong Offset, string Path, bool IsDeleted = false);

/// <summary>
/// What a core says of its process beside its memory (core(5); the structs are the kernel's include/linux/elfcore.h on x86-64). The notes of a
/// core that was cut off end where they end.
/// </summary>
internal sealed class CoreNotes
{
    /// <summary>A thread has some 6 KB of registers; a core of 40,000 threads is read whole.</summary>
    private const ulong LargestTotal = 256 << 20;

    private const string Deleted = " (deleted)";

    private const uint StatusOfThread = 1;
    private const uint FactsOfProcess = 3;
    private const uint SignalInformation = 0x53494749;
    private const uint MappedFiles = 0x46494c45;

    private readonly List<CoreThread> _threads = [];
    private readonly List<CoreMappedFile> _files = [];

    private CoreNotes()
    {
    }

    /// <summary>0 when the core doesn't say.</summary>
    public int ProcessId { get; private set; }

    /// <summary>At most 15 bytes, chosen by the process.</summary>
    public string ProgramName { get; private set; } = "";

    /// <summary>The start of its command line, at most 79 bytes.</summary>
    public string CommandLine { get; private set; } = "";

    /// <summary>Of the dump; 0 when it was made of a running process.</summary>
    public int Signal { get; private set; }

    public IReadOnlyList<CoreThread> Threads => _threads;

    public IReadOnlyList<CoreMappedFile> Files => _files;

    public static CoreNotes Read(CoreBytes file, CoreHeaders headers, Limits limits)
    {
        var notes = new CoreNotes();
        var left = LargestTotal;
        foreach (var run in headers.Notes)
        {
            var length = Math.Min(Math.Min(run.Length, left), file.Length - Math.Min(run.Low, file.Length));
            left -= length;
            var bytes = new byte[length];
            notes.Parse(bytes.AsSpan(0, file.ReadUpTo(run.Low, bytes)), limits);
        }
        return notes;
    }

    private void Parse(ReadOnlySpan<byte> bytes, Limits limits)
    {
        const int headSize = 12;
        while (bytes.Length >= headSize)
        {
            var nameLength = Aligned(BinaryPrimitives.ReadUInt32LittleEndian(bytes));
            var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            var type = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
            var start = headSize + nameLength;
            if (start > bytes.Length || length > bytes.Length - start)
                return;
            if (bytes[headSize..].StartsWith("CORE\0"u8))
                Take(type, bytes.Slice((int)start, (int)length), limits);
            bytes = bytes[(int)Math.Min(start + Aligned(length), bytes.Length)..];
        }
    }

    private static long Aligned(uint length) => (length + 3L) & ~3L;

    private void Take(uint type, ReadOnlySpan<byte> note, Limits limits)
    {
        switch (type)
        {
            case StatusOfThread when note.Length >= 272 && _threads.Count < limits.Threads:
                TakeThread(note);
                break;
            case FactsOfProcess when note.Length >= 136:
                ProcessId = BinaryPrimitives.ReadInt32LittleEndian(note[24..]);
                ProgramName = Text(note.Slice(40, 16));
                CommandLine = Text(note.Slice(56, 80)).TrimEnd();
                break;
            case SignalInformation when note.Length >= 4:
                Signal = BinaryPrimitives.ReadInt32LittleEndian(note);
                break;
            case MappedFiles:
                TakeFiles(note, limits);
                break;
        }
    }

    /// <summary><c>struct elf_prstatus</c>: pr_cursig at 12, pr_pid at 32, pr_reg at 112, of which rsp is the 20th word.</summary>
    private void TakeThread(ReadOnlySpan<byte> note)
    {
        if (_threads.Count == 0 && Signal == 0)
            Signal = BinaryPrimitives.ReadInt16LittleEndian(note[12..]);
        _threads.Add(new CoreThread(BinaryPrimitives.ReadInt32LittleEndian(note[32..]), BinaryPrimitives.ReadUInt64LittleEndian(note[264..])));
    }

    /// <summary>Count, page size, {start, end, offset in pages} of each, then the names (fs/binfmt_elf.c, fill_files_note).</summary>
    private void TakeFiles(ReadOnlySpan<byte> note, Limits limits)
    {
        const int headSize = 16;
        const int entrySize = 24;
        if (note.Length < headSize)
            return;
        var count = BinaryPrimitives.ReadUInt64LittleEndian(note);
        var pageSize = BinaryPrimitives.ReadUInt64LittleEndian(note[8..]);
        if (count > (ulong)(limits.Mappings - _files.Count) || count > (ulong)(note.Length - headSize) / entrySize || pageSize == 0 || pageSize > 1 << 30)
            return;
        var names = note[(headSize + (entrySize * (int)count))..];
        for (var i = 0; i < (int)count; i++)
        {
            var entry = note[(headSize + (entrySize * i))..];
            var end = names.IndexOf((byte)0);
            if (end < 0)
                return;
            var file = new CoreMappedFile(
                BinaryPrimitives.ReadUInt64LittleEndian(entry),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]),
                unchecked(BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]) * pageSize),
                Encoding.UTF8.GetString(names[..end]));
            file = file.Path.EndsWith(Deleted, StringComparison.Ordinal) ? file with { Path = file.Path[..^Deleted.Length], IsDeleted = true } : file;
            if (file.Low < file.High && file.Offset <= long.MaxValue)
                _files.Add(file);
            names = names[(end + 1)..];
        }
    }

    private static string Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return string.Concat(Encoding.UTF8.GetString(end < 0 ? field : field[..end]).Select(c => char.IsControl(c) ? '?' : c));
    }
}
