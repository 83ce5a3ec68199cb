using System.Globalization;
using Hognose.Cli.Recordings;
using Hognose.Diagnostics;
using Hognose.Formats.Mprof;
using Hognose.Reports;

namespace Hognose.Cli.Sampling;

/// <summary>The profiles in the current directory, "mprofile_20261122210056.dat", and how the commands of mprof name them: by number or by file.</summary>
internal static class ProfileFiles
{
    private const string Prefix = "mprofile_";
    private const string Suffix = ".dat";
    private const int StampLength = 14;
    private const string Remedy = "see their numbers with 'hognose mprof list'";

    public static string NewName(DateTimeOffset now) => Prefix + now.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture) + Suffix;

    /// <summary>Oldest first; the order in which they are numbered.</summary>
    /// <exception cref="CannotContinueException">The current directory was deleted, or may not be read.</exception>
    public static IReadOnlyList<string> All()
    {
        try
        {
            return [.. Directory.EnumerateFiles(".").Select(path => Path.GetFileName(path)).Where(IsProfile).Order(StringComparer.Ordinal)];
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            var reason = CurrentFolder.Path.Length == 0 ? "it was deleted" : FileTrouble.Of(trouble);
            throw new CannotContinueException($"cannot look for profiles in the current directory: {reason}", "go to another one, or name a .dat file by its whole path", trouble);
        }
    }

    /// <summary>The date and time in a profile's name.</summary>
    public static string StampOf(string profile) => profile.Substring(Prefix.Length, StampLength);

    /// <summary>What the words name, each file once: a file's name, or a number (0 the oldest profile, -1 the newest).</summary>
    /// <param name="fileWins">A file that is called "0" is that file (plot, peak), not the profile of that number (rm).</param>
    /// <exception cref="CannotContinueException">There is no such file.</exception>
    public static IReadOnlyList<string> Named(IReadOnlyList<string> words, bool fileWins)
    {
        var profiles = new Lazy<IReadOnlyList<string>>(All);
        return [.. words.Select(word => Find(word, profiles, fileWins)).Distinct()];
    }

    /// <summary>The profiles to show: those named, else the newest. Says so where it chose by itself.</summary>
    /// <exception cref="CannotContinueException">There is none.</exception>
    public static IReadOnlyList<string> ToShow(IReadOnlyList<string> words, TextWriter output)
    {
        if (words.Count > 0)
            return Named(words, fileWins: true);
        if (All() is not [.., var newest])
            throw new MprofStopException("no profile (mprofile_*.dat) in this directory", "make one with 'hognose mprof run', or name a file", MprofStopException.NoInput);
        output.WriteLine("Using last profile data.");
        return [newest];
    }

    /// <summary>With "x_ts.dat" after "x.dat", which older versions of mprof wrote beside it.</summary>
    public static IReadOnlyList<string> WithTimestampFiles(IReadOnlyList<string> files)
    {
        var all = files.ToList();
        foreach (var file in files.Reverse())
        {
            var extension = Path.GetExtension(file);
            var timestamps = file[..^extension.Length] + "_ts" + extension;
            if (File.Exists(timestamps) && !all.Contains(timestamps))
                all.Add(timestamps);
        }
        return all;
    }

    /// <summary>Reads a profile; a cut-off end is told on <paramref name="error"/>.</summary>
    /// <exception cref="CannotContinueException">It cannot be read, or is none.</exception>
    public static MprofProfile Read(string path, TextWriter error)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 64 * 1024);
            var profile = MprofReader.Read(file, path);
            if (profile.CutOffLine > 0)
                TroubleText.PrintNotice(error, $"'{path}' is cut off in line {profile.CutOffLine}, which is left out");
            return profile;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new CannotContinueException($"cannot read '{path}': {FileTrouble.Of(trouble)}", "give a .dat file that 'mprof run' wrote", trouble);
        }
    }

    private static bool IsProfile(string name) =>
        name.Length == Prefix.Length + StampLength + Suffix.Length
        && name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal);

    private static string Find(string word, Lazy<IReadOnlyList<string>> profiles, bool fileWins)
    {
        var isNumber = int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
        if (isNumber && !(fileWins && File.Exists(word)))
            return Numbered(word, number < 0 ? profiles.Value.Count + number : number, profiles.Value);
        if (Directory.Exists(word))
            throw new CannotContinueException($"'{word}' is a folder", $"name a .dat file, or {Remedy}");
        return File.Exists(word) ? word : throw new CannotContinueException($"no file '{word}'", $"name a .dat file, or {Remedy}");
    }

    private static string Numbered(string word, int index, IReadOnlyList<string> profiles) =>
        index >= 0 && index < profiles.Count
            ? profiles[index]
            : throw new CannotContinueException($"no profile number {word} (there {(profiles.Count == 1 ? "is 1" : $"are {profiles.Count}")} in this directory)", Remedy);
}
