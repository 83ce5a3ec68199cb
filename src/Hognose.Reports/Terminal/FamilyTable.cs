using Hognose.Formats.Alloc;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>The processes that the program started, the largest first, each with the recording that tells more.</summary>
internal sealed class FamilyTable(IAnsiConsole console)
{
    private const int Most = 10;
    private const int Indent = 2;
    private const int Gap = 2;
    private const int FewestCellsOfProgram = 12;
    private readonly Glyphs _glyphs = Glyphs.For(console);

    public void Write(RecordingSummary recording)
    {
        var family = recording.Family;
        if (family.Count == 0)
            return;
        console.WriteLine();
        console.Write(new StyledLine().Add(_glyphs.Own($"Its {Quantities.Count(family.Count, "other process", "other processes")}, each with a recording of its own"), Palette.Heading));
        console.WriteLine();
        var shown = family.OrderByDescending(member => member.PeakBytes).ThenBy(member => member.ProcessId).Take(Most).ToList();
        string[] heads = ["pid", "high water", "at its end", "allocations"];
        var rows = shown.ConvertAll<string[]>(member =>
            [member.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture), Quantities.Bytes(member.PeakBytes), Quantities.Bytes(member.EndBytes), Quantities.Count(member.Allocations)]);
        var widths = heads.Select((head, column) => rows.Select(row => row[column].Length).Append(head.Length).Max()).ToArray();
        var programs = shown.ConvertAll(member => ProgramOf(member, recording));
        var room = console.Profile.Width - Indent - widths.Sum(width => width + Gap);
        var file = shown.Max(member => Names.Width(Names.Printable(member.File)));
        var program = Math.Max(FewestCellsOfProgram, Math.Min(programs.Max(Names.Width), room - file - Gap));
        console.Write(Row(heads, widths, "program", program, "recording", Palette.Dim));
        for (var i = 0; i < shown.Count; i++)
            console.Write(Row(rows[i], widths, programs[i], program, Names.CutLeft(Names.Printable(shown[i].File), Math.Max(FewestCellsOfProgram, room - program - Gap), _glyphs), Style.Plain));
        if (family.Count > shown.Count)
            console.Write(new StyledLine().Spaces(Indent).Add($"and {Quantities.Count(family.Count - shown.Count)} smaller ones", Palette.Dim));
        WriteTogether(recording.Facts);
    }

    private void WriteTogether(RecordingFacts facts)
    {
        if (facts.FamilyPeakBytes == 0)
            return;
        var text = _glyphs.Own($"Together they held at most ≈ {Quantities.Bytes(facts.FamilyPeakBytes)}, at {Quantities.Seconds(facts.FamilyPeakNanoseconds)} in {Quantities.Count(facts.FamilyPeakProcesses, "process", "processes")}; --family shows by whom");
        foreach (var line in Names.Wrap(text, console.Profile.Width - Indent))
            console.Write(new StyledLine().Spaces(Indent).Add(line, Palette.Dim));
    }

    private StyledLine Row(string[] cells, int[] widths, string program, int programWidth, string file, Style style)
    {
        var line = new StyledLine().Spaces(Indent);
        for (var i = 0; i < cells.Length; i++)
            line.Right(cells[i], widths[i], style).Spaces(Gap);
        return line.Left(Names.CutMiddle(program, programWidth, _glyphs), programWidth, style).Spaces(Gap).Add(file, Palette.Dim);
    }

    /// <summary>A fork's child has its parent's command line; of what had ended before it could be read nothing tells of another program.</summary>
    private static string ProgramOf(FamilyMember member, RecordingSummary recording)
    {
        var parents = recording.Family.LastOrDefault(other => other.ProcessId == member.ParentId && other.StartedAt < member.StartedAt)?.CommandLine
            ?? (member.ParentId == recording.Facts.ProcessId ? recording.Facts.CommandLine : []);
        var isGone = member.CommandLine.All(word => word.Length == 0);
        if (isGone || (member.ParentId != 0 && parents.Skip(1).SequenceEqual(member.CommandLine.Skip(1))))
            return member.ParentId == 0 ? "a fork" : $"fork of {member.ParentId}";
        return Names.Printable(string.Join(' ', member.CommandLine.Skip(1)));
    }
}
