using Hognose.Diagnostics;
using Hognose.Insights.Allocations;
using Hognose.Reports.Terminal;

namespace Hognose.Cli.Recordings;

/// <summary>The source files that a recording names, found among its files and read from disk.</summary>
internal static class SourceFile
{
    private const long LargestSource = 64 << 20; // Bytes; no source is that long, /dev/zero is longer.

    /// <summary>The files that the user means: the one named by its path or by the end of it, else all that are the program's own.</summary>
    /// <exception cref="CannotContinueException">The recording knows none, or several.</exception>
    public static IReadOnlyList<SourceUsage> Choose(IReadOnlyList<SourceUsage> files, string? wanted)
    {
        if (wanted is null)
        {
            var own = files.Where(file => !LibraryCode.Holds(file.File, outermost: false) && file.File.Length > 0).ToList();
            return own.Count > 0 ? own : throw new CannotContinueException("no file of the program's own allocated anything", "name a file of a library, as in 'hognose lines x.alloc json/decoder.py'");
        }
        var found = files.Where(file => file.File == wanted || file.File == $"<frozen {wanted}>" || SamePlace(file.File, wanted)).ToList();
        if (found.Count == 0)
            found = [.. files.Where(file => file.File.EndsWith("/" + wanted.TrimStart('/'), StringComparison.Ordinal))];
        return found.Count switch
        {
            1 => found,
            0 => throw new CannotContinueException($"'{wanted}' allocated nothing in this recording", $"it names: {Some(files)}"),
            _ => throw new CannotContinueException($"'{wanted}' may be several files", $"give more of the path: {Some(found)}"),
        };
    }

    /// <param name="file">As the recording names it; relative names are taken from the current directory.</param>
    /// <param name="recordedAt">Text that was changed later may not fit.</param>
    public static SourceText Read(string file, DateTimeOffset recordedAt)
    {
        try
        {
            var info = new FileInfo(file);
            if (!info.Exists || FileKind.IsSpecial(file) || info.Length > LargestSource)
                return new SourceText([], $"'{file}' is not there to be shown beside the figures.");
            var notice = info.LastWriteTimeUtc > recordedAt.UtcDateTime ? $"'{file}' was changed after the recording: lines may have moved." : "";
            return new SourceText(File.ReadAllLines(file), notice);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new SourceText([], $"'{file}' cannot be read: {FileTrouble.Of(trouble)}.");
        }
    }

    private static bool SamePlace(string one, string other) =>
        one.Length > 0 && other.Length > 0 && !one.Contains('\0', StringComparison.Ordinal) && !other.Contains('\0', StringComparison.Ordinal) && Path.GetFullPath(one) == Path.GetFullPath(other);

    private static string Some(IReadOnlyList<SourceUsage> files)
    {
        const int most = 5;
        return string.Join(", ", files.Take(most).Select(file => file.File)) + (files.Count > most ? " ..." : "");
    }
}
