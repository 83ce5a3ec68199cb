using Hognose.Cli.Heaps;

namespace Hognose.Cli.Commands;

/// <summary><c>--contents</c>: whether contents of the program are written out.</summary>
internal static class ContentsChoice
{
    /// <summary>A snapshot taken without them has none: then nothing stands in their place, and one line says why.</summary>
    public static bool Of(bool isAsked, HeapReading reading, Terminal terminal)
    {
        if (!isAsked || reading.Facts.Snapshot is not { HasContents: false } snapshot)
            return isAsked;
        TroubleText.PrintNotice(terminal.Error, $"'{snapshot.Path}' was taken without contents, which are left out: 'hognose snapshot --contents' keeps them");
        return false;
    }
}
