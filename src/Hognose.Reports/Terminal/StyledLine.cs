using Spectre.Console;
using Spectre.Console.Rendering;

namespace Hognose.Reports.Terminal;

/// <summary>One line put together from pieces; never wrapped, since every piece was fitted to its room.</summary>
internal sealed class StyledLine : Renderable
{
    private readonly List<Segment> _pieces = [];

    public int Cells { get; private set; }

    /// <summary>A command to type is of use only whole: the terminal may wrap it.</summary>
    public bool IsWhole { get; init; }

    public StyledLine Add(string text, Style? style = null)
    {
        if (text.Length > 0)
            _pieces.Add(new Segment(text, style ?? Style.Plain));
        Cells += Names.Width(text);
        return this;
    }

    public StyledLine Spaces(int count) => Add(new string(' ', Math.Max(0, count)));

    public StyledLine Right(string text, int width, Style? style = null) => Spaces(width - Names.Width(text)).Add(text, style);

    public StyledLine Left(string text, int width, Style? style = null) => Add(text, style).Spaces(width - Names.Width(text));

    protected override Measurement Measure(RenderOptions options, int maxWidth) => new(Cells, Cells);

    // Pieces were fitted already; what is still too long, on a terminal narrower than 80, is cut, since a wrapped table cannot be read.
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        var room = IsWhole ? int.MaxValue : maxWidth;
        foreach (var piece in _pieces)
        {
            var text = Names.Head(piece.Text, room);
            room -= Names.Width(text);
            yield return text.Length == piece.Text.Length ? piece : new Segment(text, piece.Style);
        }
        yield return Segment.LineBreak;
    }
}
