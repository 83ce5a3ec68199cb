using ScottPlot;

namespace Hognose.Reports.Charts;

/// <summary>Colours by meaning. Lines and functions are told apart also by who can't tell red from green (Okabe and Ito's palette, 2008).</summary>
internal static class ChartColors
{
    public static readonly Color Ground = Color.FromHex("#FFFFFF");
    public static readonly Color Ink = Color.FromHex("#24292F");
    public static readonly Color Dim = Color.FromHex("#6E7781");
    public static readonly Color Grid = Color.FromHex("#E4E7EB");
    public static readonly Color Peak = Color.FromHex("#C0392B");

    private static readonly Color[] Lines = [.. ((string[])["#1F5FA8", "#D55E00", "#009E73", "#8E4585", "#B8860B", "#3AA6DD", "#444444"]).Select(hex => Color.FromHex(hex))];
    private static readonly Color[] Marks = [.. ((string[])["#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8E7CC3", "#6B8E23", "#A0522D"]).Select(hex => Color.FromHex(hex))];

    public static Color Line(int number) => Lines[number % Lines.Length];

    public static Color Function(int number) => Marks[number % Marks.Length];
}
