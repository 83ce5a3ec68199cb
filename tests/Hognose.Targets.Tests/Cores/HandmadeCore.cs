using System.Text;

namespace Hognose.Targets.Tests.Cores;

/// <summary>A small core written by hand: two segments, the notes of one thread, and one mapped file.</summary>
internal static class HandmadeCore
{
    public const ulong First = 0x7000_0000_0000;
    public const ulong Second = 0x7000_0001_0000;
    public const int Page = 4096;
    public const int HeaderSize = 64;
    public const int SegmentSize = 56;

    /// <param name="skew">Bytes by which the memory's place in the file misses a page, as gcore's does.</param>
    /// <param name="mappedFile">What stood at the first segment, as the notes name it.</param>
    public static byte[] Make(int skew = 0, string mappedFile = "/no/such/file (deleted)")
    {
        var notes = Notes(mappedFile);
        var dataAt = (2 * Page) + skew;
        var file = new byte[dataAt + (3 * Page)];
        using var writer = new BinaryWriter(new MemoryStream(file));
        writer.Write([0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        writer.Write((ushort)4);
        writer.Write((ushort)62);
        writer.Write(1);
        writer.Write(0UL);
        writer.Write((ulong)HeaderSize);
        writer.Write(0UL);
        writer.Write(0);
        foreach (var half in (ReadOnlySpan<ushort>)[HeaderSize, SegmentSize, 3, 0, 0, 0])
            writer.Write(half);
        Segment(writer, 4, 0, (ulong)Page, 0, (ulong)notes.Length, 0);
        Segment(writer, 1, 6, (ulong)dataAt, First, Page, Page);
        Segment(writer, 1, 6, (ulong)(dataAt + Page), Second, 2 * Page, 2 * Page);
        notes.CopyTo(file, Page);
        for (var i = dataAt; i < file.Length; i++)
            file[i] = ByteAt(i - dataAt);
        return file;
    }

    /// <summary>What the memory holds, counted from the first segment's first byte on through both.</summary>
    public static byte ByteAt(int index) => (byte)((index * 31) + (index >> 8) + 1);

    private static void Segment(BinaryWriter writer, uint type, uint flags, ulong offset, ulong address, ulong inFile, ulong inMemory)
    {
        writer.Write(type);
        writer.Write(flags);
        foreach (var word in (ReadOnlySpan<ulong>)[offset, address, 0, inFile, inMemory, Page])
            writer.Write(word);
    }

    private static byte[] Notes(string mappedFile)
    {
        var notes = new MemoryStream();
        using var writer = new BinaryWriter(notes);
        var thread = new byte[336];
        BitConverter.TryWriteBytes(thread.AsSpan(12), (short)11);
        BitConverter.TryWriteBytes(thread.AsSpan(32), 4711);
        BitConverter.TryWriteBytes(thread.AsSpan(264), Second + 8);
        Note(writer, 1, thread);
        var process = new byte[136];
        BitConverter.TryWriteBytes(process.AsSpan(24), 4711);
        Encoding.ASCII.GetBytes("handmade").CopyTo(process, 40);
        Encoding.ASCII.GetBytes("handmade --all ").CopyTo(process, 56);
        Note(writer, 3, process);
        Note(writer, 0x46494c45, [.. Words(1, Page, First, First + Page, 0), .. Encoding.ASCII.GetBytes(mappedFile + "\0")]);
        return notes.ToArray();
    }

    private static IEnumerable<byte> Words(params IEnumerable<ulong> words) => words.SelectMany(BitConverter.GetBytes);

    private static void Note(BinaryWriter writer, uint type, byte[] note)
    {
        writer.Write(5);
        writer.Write(note.Length);
        writer.Write(type);
        writer.Write("CORE\0\0\0\0"u8);
        writer.Write(note);
        writer.Write(new byte[-note.Length & 3]);
    }
}
