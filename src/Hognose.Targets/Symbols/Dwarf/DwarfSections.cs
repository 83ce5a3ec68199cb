namespace Hognose.Targets.Symbols.Dwarf;

/// <summary>The sections of one file that describe its source. What the file lacks is empty.</summary>
internal sealed class DwarfSections(SectionTable sections, int longest)
{
    public byte[] Info { get; } = sections.Contents(".debug_info", longest);

    public byte[] Abbreviations { get; } = sections.Contents(".debug_abbrev", longest);

    public byte[] Strings { get; } = sections.Contents(".debug_str", longest);

    public byte[] LineStrings { get; } = sections.Contents(".debug_line_str", longest);

    /// <summary>Of strings that are named by a number (clang, DWARF 5).</summary>
    public byte[] StringOffsets { get; } = sections.Contents(".debug_str_offsets", longest);

    /// <summary>Of addresses that are named by a number.</summary>
    public byte[] Addresses { get; } = sections.Contents(".debug_addr", longest);

    /// <summary>Up to DWARF 4.</summary>
    public byte[] Ranges { get; } = sections.Contents(".debug_ranges", longest);

    /// <summary>DWARF 5.</summary>
    public byte[] RangeLists { get; } = sections.Contents(".debug_rnglists", longest);
}
