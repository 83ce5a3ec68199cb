using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>Colours by meaning; from the terminal's 256, readable on dark and on light ground.</summary>
internal static class Palette
{
    public static readonly Color HeapColor = Color.FromInt32(32);
    public static readonly Color ResidentColor = Color.FromInt32(146);

    public static readonly Style Heading = new(decoration: Decoration.Bold);
    public static readonly Style Figure = new(HeapColor, decoration: Decoration.Bold);
    public static readonly Style Dim = new(Color.FromInt32(244));
    public static readonly Style Heap = new(HeapColor);
    public static readonly Style Resident = new(ResidentColor);
    public static readonly Style OwnCode = new(decoration: Decoration.Bold);
    public static readonly Style Warning = new(Color.FromInt32(166), decoration: Decoration.Bold);
    public static readonly Style Command = new(Color.FromInt32(28));
}
