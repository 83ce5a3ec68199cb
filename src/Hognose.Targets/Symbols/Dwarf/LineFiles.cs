namespace Hognose.Targets.Symbols.Dwarf;

/// <summary>
/// Names of source files in the headers of line number programs (DWARF 5, 6.2.4). They stay places in the sections until they are asked for: five bytes of
/// a header may name a file in a folder with four thousand characters each.
/// </summary>
internal sealed class LineFiles(byte[] lines, byte[] lineStrings, byte[] strings)
{
    /// <summary>Of one program.</summary>
    private const int MostOfProgram = 1 << 20;

    /// <summary>Folders and files of all programs, at 16 bytes each.</summary>
    private const int Most = 1 << 22;

    private const int NoFolder = -1;

    private readonly List<Name> _names = [];
    private readonly Dictionary<int, string> _asked = [];

    private enum Section
    {
        None,
        Lines,
        LineStrings,
        Strings,
    }

    public string PathOf(int file)
    {
        if (!_asked.TryGetValue(file, out var path))
            _asked.Add(file, path = PathOf(_names[file]));
        return path;
    }

    /// <param name="reader">Of a program of DWARF 2 to 4, behind its operands.</param>
    /// <param name="start">Where what it reads begins in the section.</param>
    /// <exception cref="DwarfException">It is damaged, or there are too many.</exception>
    public Range Read4(ref DwarfCursor reader, int start)
    {
        var folders = _names.Count;
        // Folder 0 is where the compiler ran, which is not told.
        Add(new Name(NoFolder, default));
        while (TryReadText(ref reader, start, out var folder) && _names.Count - folders < MostOfProgram)
            Add(new Name(NoFolder, folder));
        var files = _names.Count;
        Add(new Name(NoFolder, default));
        while (TryReadText(ref reader, start, out var file) && _names.Count - files < MostOfProgram)
        {
            Add(new Name(Outer(folders, files, reader.Unsigned()), file));
            _ = reader.Unsigned();
            _ = reader.Unsigned();
        }
        return files.._names.Count;
    }

    /// <param name="reader">Of a program of DWARF 5, behind its operands.</param>
    /// <param name="start">Where what it reads begins in the section.</param>
    /// <param name="isWide">Offsets have 8 bytes.</param>
    /// <exception cref="DwarfException">It is damaged, or there are too many.</exception>
    public Range Read5(ref DwarfCursor reader, int start, bool isWide)
    {
        var folders = _names.Count;
        // The others stand in the first.
        ReadEntries(ref reader, start, isWide, _ => _names.Count == folders ? NoFolder : folders);
        var files = _names.Count;
        ReadEntries(ref reader, start, isWide, folder => Outer(folders, files, folder));
        return files.._names.Count;
    }

    /// <summary>When all was read: what nothing stands in needs not stay.</summary>
    public void Trim()
    {
        if (_names.TrueForAll(static name => name.Text.Section != Section.Lines))
            lines = [];
        if (_names.TrueForAll(static name => name.Text.Section != Section.Strings))
            strings = [];
        _names.TrimExcess();
    }

    private string PathOf(Name name)
    {
        var text = TextOf(name.Text);
        if (name.Folder == NoFolder || text.StartsWith('/'))
            return text;
        var folder = PathOf(_names[name.Folder]);
        return folder.Length == 0 ? text : $"{folder}/{text}";
    }

    private string TextOf(Place place) => SectionTable.TextAt(
        place.Section switch { Section.Lines => lines, Section.LineStrings => lineStrings, Section.Strings => strings, _ => [] }, (ulong)place.Offset);

    private static int Outer(int folders, int files, ulong number) => number < (ulong)(files - folders) ? folders + (int)number : NoFolder;

    private void Add(Name name)
    {
        if (_names.Count == Most)
            throw new DwarfException();
        _names.Add(name);
    }

    /// <summary>False at an empty one, which ends a list.</summary>
    private static bool TryReadText(ref DwarfCursor reader, int start, out Place place)
    {
        var at = reader.At;
        reader.SkipText();
        place = new Place(Section.Lines, start + at);
        return reader.At > at + 1;
    }

    /// <summary>Folders or files, in the format that they bring along.</summary>
    private void ReadEntries(ref DwarfCursor reader, int start, bool isWide, Func<ulong, int> outerOf)
    {
        const ulong path = 1;
        const ulong folderIndex = 2;
        var formats = new (ulong Content, ulong Form)[reader.Byte()];
        for (var i = 0; i < formats.Length; i++)
            formats[i] = (reader.Unsigned(), reader.Unsigned());
        var count = reader.Unsigned();
        if (formats.Length == 0 || count > MostOfProgram)
            return;
        for (ulong i = 0; i < count; i++)
        {
            var (name, folder) = (default(Place), 0UL);
            foreach (var (content, form) in formats)
            {
                var (text, number) = Value(ref reader, start, form, isWide);
                name = content == path ? text : name;
                folder = content == folderIndex ? number : folder;
            }
            Add(new Name(outerOf(folder), name));
        }
    }

    /// <summary>DW_FORM_… (DWARF 5, 7.5.6), those that line tables may have.</summary>
    private static (Place Text, ulong Number) Value(ref DwarfCursor reader, int start, ulong form, bool isWide)
    {
        switch (form)
        {
            case 0x08: // string
                _ = TryReadText(ref reader, start, out var text);
                return (text, 0);
            case 0x1F: // line_strp
                return (At(Section.LineStrings, reader.Offset(isWide)), 0);
            case 0x0E: // strp
                return (At(Section.Strings, reader.Offset(isWide)), 0);
            case 0x0B: // data1
                return (default, reader.Byte());
            case 0x05: // data2
                return (default, reader.Two());
            case 0x06: // data4
                return (default, reader.Four());
            case 0x07: // data8
                return (default, reader.Eight());
            case 0x0F: // udata
                return (default, reader.Unsigned());
            case 0x1E: // data16
                _ = reader.Take(16);
                return default;
            case 0x09: // block
                _ = reader.Take(reader.Unsigned());
                return default;
            default:
                throw new DwarfException();
        }
    }

    private static Place At(Section section, ulong offset) => offset > int.MaxValue ? default : new Place(section, (int)offset);

    private readonly record struct Place(Section Section, int Offset);

    private readonly record struct Name(int Folder, Place Text);
}
