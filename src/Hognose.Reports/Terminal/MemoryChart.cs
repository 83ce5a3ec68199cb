using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>
/// Heap and RSS over time: the heap as a solid area, RSS as a paler one behind it. Spectre's charts draw bars of named items only,
/// so the picture is composed here of eighth blocks (colour), shades (no colour) or ASCII.
/// </summary>
internal sealed class MemoryChart(IAnsiConsole console)
{
    private const int Rows = 9;
    private const int Eighths = 8;
    private const string LowerBlocks = " ▁▂▃▄▅▆▇█";
    private const int LabelWidth = 11;
    private const int Indent = 2;

    private readonly Glyphs _glyphs = Glyphs.For(console);
    private readonly bool _colours = console.Profile.Capabilities.ColorSystem != ColorSystem.NoColors;

    public void Write(RecordingSummary recording)
    {
        var columns = console.Profile.Width - Indent - LabelWidth - 2;
        var memory = MemoryOverTime.Of(recording, columns);
        var highest = Math.Max(memory.HeapBytes.Max(), memory.ResidentBytes.Max());
        if (highest <= 0)
            return;
        var scale = ChartScale.For(highest);
        WriteLegend(memory);
        for (var row = Rows - 1; row >= 0; row--)
            console.Write(Row(memory, scale, row));
        console.Write(Axis(columns, memory.PeakStep));
        console.Write(TimeLabels(columns, memory));
    }

    private void WriteLegend(MemoryOverTime memory)
    {
        var line = new StyledLine().Spaces(Indent).Add("Heap and RSS over time", Palette.Heading).Spaces(3)
            .Add(_glyphs.IsUnicode ? "█" : "#", Palette.Heap).Add(" heap", Palette.Dim);
        if (memory.ResidentBytes.Max() > 0)
            line.Spaces(2).Add(_glyphs.IsUnicode ? (_colours ? "█" : "░") : ":", Palette.Resident).Add(" RSS beyond it", Palette.Dim);
        console.Write(line);
        console.WriteLine();
    }

    private StyledLine Row(MemoryOverTime memory, ChartScale scale, int row)
    {
        var line = new StyledLine().Spaces(Indent).Right(LabelAt(scale, row), LabelWidth - 1, Palette.Dim)
            .Add(_glyphs.IsUnicode ? " │" : " |", Palette.Dim);
        for (var column = 0; column < memory.HeapBytes.Length; column++)
        {
            var heap = FilledEighths(memory.HeapBytes[column], scale, row);
            var resident = FilledEighths(memory.ResidentBytes[column], scale, row);
            AddCell(line, heap, resident);
        }
        return line;
    }

    /// <summary>A label stands in the row whose upper edge is nearest to its value.</summary>
    private static string LabelAt(ChartScale scale, int row)
    {
        var steps = (int)Math.Round(scale.TopBytes / scale.StepBytes);
        for (var step = 1; step <= steps; step++)
            if ((int)Math.Round((double)step / steps * Rows) - 1 == row)
                return scale.Label(step * scale.StepBytes);
        return "";
    }

    private static int FilledEighths(long bytes, ChartScale scale, int row)
    {
        if (bytes <= 0)
            return 0;
        // What is there at all is seen: at least one eighth of the lowest row.
        var filled = Math.Max(1, (int)Math.Round(bytes / scale.TopBytes * Rows * Eighths));
        return Math.Clamp(filled - (row * Eighths), 0, Eighths);
    }

    private void AddCell(StyledLine line, int heap, int resident)
    {
        if (!_glyphs.IsUnicode)
            line.Add(heap >= Eighths / 2 || (heap > 0 && resident < Eighths / 2) ? "#" : resident >= Eighths / 2 ? ":" : resident > 0 ? "." : " ");
        else if (heap > 0)
            line.Add(LowerBlocks[heap].ToString(), resident > heap && _colours ? new Style(Palette.HeapColor, Palette.ResidentColor) : Palette.Heap);
        else
            line.Add((_colours ? LowerBlocks[resident] : resident >= Eighths / 2 ? '░' : ' ').ToString(), Palette.Resident);
    }

    private StyledLine Axis(int columns, int peak)
    {
        var axis = new string(_glyphs.IsUnicode ? '─' : '-', columns).ToCharArray();
        if (peak >= 0)
            axis[peak] = _glyphs.Mark[0];
        return new StyledLine().Spaces(Indent).Right("0", LabelWidth - 1, Palette.Dim)
            .Add(_glyphs.IsUnicode ? " └" : " +", Palette.Dim).Add(new string(axis), Palette.Dim);
    }

    private StyledLine TimeLabels(int columns, MemoryOverTime memory)
    {
        var end = _glyphs.Own(Quantities.Seconds(memory.DurationNanoseconds));
        var line = new StyledLine().Spaces(Indent + LabelWidth + 1);
        var margin = line.Cells;
        if (memory.PeakStep >= 0)
        {
            var mark = $"{_glyphs.Mark} high-water mark";
            // Under the mark on the axis, on whichever side there is room.
            var start = memory.PeakStep + Names.Width(mark) + end.Length + 2 <= columns
                ? memory.PeakStep
                : Math.Max(0, Math.Min(memory.PeakStep - Names.Width(mark) + 1, columns - end.Length - 2 - Names.Width(mark)));
            if (start != memory.PeakStep)
                mark = $"high-water mark {_glyphs.Mark}";
            if (start > 4)
                line.Add("0 s", Palette.Dim);
            line.Spaces(start - (line.Cells - margin)).Add(mark, Palette.Figure);
        }
        else
        {
            line.Add("0 s", Palette.Dim);
        }
        return line.Spaces(columns - end.Length - (line.Cells - margin)).Add(end, Palette.Dim);
    }
}
