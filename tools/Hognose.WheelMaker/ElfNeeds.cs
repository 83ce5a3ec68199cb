using System.Buffers.Binary;
using System.Text;
using Hognose.Diagnostics;

namespace Hognose.WheelMaker;

/// <summary>What a binary asks of the system: its libraries (DT_NEEDED) and their symbols' versions (.gnu.version_r), as in elf(5).</summary>
internal sealed record ElfNeeds(IReadOnlyList<string> Libraries, IReadOnlyList<string> Versions)
{
    private const int SectionDynamic = 6;
    private const int SectionVersionNeeds = 0x6FFF_FFFE;
    private const long TagNeeded = 1;

    public static ElfNeeds Of(byte[] file, string name)
    {
        try
        {
            var sections = Sections(file);
            return new ElfNeeds(ReadLibraries(file, sections), ReadVersions(file, sections));
        }
        catch (Exception trouble) when (trouble is ArgumentException or IndexOutOfRangeException)
        {
            throw new CannotContinueException($"{name} is no whole ELF file of a 64-bit processor", "build it again", trouble);
        }
    }

    private sealed record Section(int Type, int Offset, int Size, int Link, int EntryCount);

    private static List<Section> Sections(byte[] file)
    {
        if (file.Length < 64 || Word(file, 0) != 0x464C_457F || file[4] != 2)
            throw new ArgumentException("no ELF file");
        var at = (int)Long(file, 40);
        var size = Half(file, 58);
        return [.. Enumerable.Range(0, Half(file, 60)).Select(index => at + (index * size)).Select(entry =>
            new Section(Word(file, entry + 4), (int)Long(file, entry + 24), (int)Long(file, entry + 32), Word(file, entry + 40), Word(file, entry + 44)))];
    }

    private static List<string> ReadLibraries(byte[] file, List<Section> sections)
    {
        var found = new List<string>();
        foreach (var dynamic in sections.Where(section => section.Type == SectionDynamic))
            for (var at = dynamic.Offset; at < dynamic.Offset + dynamic.Size; at += 16)
                if (Long(file, at) == TagNeeded)
                    found.Add(Text(file, sections[dynamic.Link].Offset + (int)Long(file, at + 8)));
        return found;
    }

    private static List<string> ReadVersions(byte[] file, List<Section> sections)
    {
        var found = new List<string>();
        foreach (var needs in sections.Where(section => section.Type == SectionVersionNeeds))
        {
            var strings = sections[needs.Link].Offset;
            var library = needs.Offset;
            for (var left = needs.EntryCount; left > 0; left--, library += Word(file, library + 12))
            {
                var version = library + Word(file, library + 8);
                for (var more = Half(file, library + 2); more > 0; more--, version += Word(file, version + 12))
                    found.Add(Text(file, strings + Word(file, version + 8)));
            }
        }
        return found;
    }

    private static string Text(byte[] file, int at) => Encoding.ASCII.GetString(file, at, Array.IndexOf(file, (byte)0, at) - at);

    private static int Half(byte[] file, int at) => BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at, 2));

    private static int Word(byte[] file, int at) => BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at, 4));

    private static long Long(byte[] file, int at) => BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(at, 8));
}
