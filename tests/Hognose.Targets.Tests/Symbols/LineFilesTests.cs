using Hognose.Targets.Symbols.Dwarf;

namespace Hognose.Targets.Tests.Symbols;

/// <summary>Headers of line number programs that say much in few bytes.</summary>
public class LineFilesTests
{
    private const int Files = 200_000;

    [Fact]
    public void Long_names_that_nobody_asks_for_take_no_memory()
    {
        var texts = new byte[5000];
        Array.Fill(texts, (byte)'a');
        var program = Program();
        var start = GC.GetAllocatedBytesForCurrentThread();
        var reader = new LineProgramReader(program, texts, [], [], 1000);
        reader.ReadAll();
        reader.Files.Trim();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - start, 0, 32 << 20);

        var files = reader.FilesOfProgram[0];
        Assert.Equal(Files, files.End.Value - files.Start.Value);
        Assert.Equal($"{new string('a', 4096)}/{new string('a', 1000)}", reader.Files.PathOf(files.Start.Value + 4000));
    }

    /// <summary>Of DWARF 5: one folder, and files of four bytes each, which are places in a section of names.</summary>
    private static byte[] Program()
    {
        var header = new MemoryStream();
        using var writer = new BinaryWriter(header);
        writer.Write([1, 1, 1, 0xFB, 14, 1]);                 // Sizes of instructions, bases; no operands.
        writer.Write([1, 1, 0x1F, 1, 0, 0, 0, 0]);             // Folders: a path at an offset; one, at 0.
        writer.Write([1, 1, 0x1F]);                            // Files: a path at an offset.
        writer.Write7BitEncodedInt(Files);
        for (var i = 0; i < Files; i++)
            writer.Write(i % 5000);

        var program = new MemoryStream();
        using var whole = new BinaryWriter(program);
        whole.Write((int)header.Length + 8);
        whole.Write((ushort)5);
        whole.Write([8, 0]);
        whole.Write((int)header.Length);
        whole.Write(header.ToArray());
        return program.ToArray();
    }
}
