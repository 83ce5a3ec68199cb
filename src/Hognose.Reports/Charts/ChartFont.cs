using System.Reflection;
using ScottPlot;
using SkiaSharp;

namespace Hognose.Reports.Charts;

/// <summary>Open Sans, brought along: containers have no fonts, and pictures look the same everywhere. Letters that it lacks are looked for among the machine's fonts.</summary>
internal sealed class ChartFont : IFontResolver
{
    public const string Name = "Open Sans";
    private const string Resource = "Hognose.Reports.OpenSans-Regular.ttf";

    private static readonly Lazy<SKTypeface> Typeface = new(Load);
    private static int _isInstalled;

    public static void Install()
    {
        if (Interlocked.Exchange(ref _isInstalled, 1) != 0)
            return;
        Fonts.FontResolvers.Insert(0, new ChartFont());
        Fonts.Default = Name;
    }

    /// <summary>The font in which all letters of a text can be drawn, else ours.</summary>
    public static string For(string text)
    {
        foreach (var rune in text.EnumerateRunes())
            if (!Typeface.Value.ContainsGlyph(rune.Value))
                return SKFontManager.Default.MatchCharacter(rune.Value)?.FamilyName ?? Name;
        return Name;
    }

    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing width) => fontName == Name ? Typeface.Value : null;

    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => fontName == Name ? Typeface.Value : null;

    private static SKTypeface Load()
    {
        using var font = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)!;
        using var data = SKData.Create(font);
        return SKTypeface.FromData(data);
    }
}
