using System.Globalization;
using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Recording;

namespace Hognose.Cli.Recordings;

/// <summary>
/// The file that a recording goes to. Events go in as they come, from the first on under its own name, so that it can be read meanwhile and whatever
/// becomes of us; of a recording without events it has the totals, once they are whole.
/// </summary>
internal sealed class RecordingFile : IDisposable
{
    private readonly WholeFile _file;
    private readonly Func<int, string> _nameFor;
    private readonly bool _keepsEvents;

    private RecordingFile(WholeFile file, Func<int, string> nameFor, bool keepsEvents) => (_file, _nameFor, _keepsEvents) = (file, nameFor, keepsEvents);

    /// <param name="path">What the user asked for; null: a name made of the program's and its process id, in the current directory.</param>
    /// <param name="programName">"app" of "app.py".</param>
    /// <param name="keepsEvents">false: totals only, <c>--aggregate</c>.</param>
    /// <exception cref="CannotContinueException">It cannot be written there.</exception>
    public static RecordingFile Create(string? path, string programName, bool keepsEvents) =>
        new(WholeFile.Create(path, $"hognose-{programName}.alloc", "recording", endsWithUs: false), pid => path ?? $"hognose-{programName}.{pid}.alloc", keepsEvents);

    /// <summary>Where the session is to put events; null: nowhere.</summary>
    public RecordingTarget? Target(IReadOnlyList<string> commandLine, DateTimeOffset startedAt, int processId) => _keepsEvents
        ? new RecordingTarget(_file.Stream, () => _file.Place(_nameFor(processId)), ToolVersion, commandLine, startedAt, processId)
        : null;

    public static string ToolVersion => typeof(RecordingFile).Assembly.GetName().Version?.ToString(3) ?? "";

    /// <summary>Writes what is left to write. Returns the name under which the recording can be found.</summary>
    /// <exception cref="CannotContinueException">The disk is full, or the like; what was whole before stays.</exception>
    public string Keep(RecordingSession session, RecordingSummary recording)
    {
        var name = _nameFor(recording.Facts.ProcessId);
        if (!_keepsEvents)
        {
            _file.Keep(name, stream => AllocWriter.Write(stream, recording, session.Survivors()));
            return name;
        }
        try
        {
            session.FinishFile(recording);
            _file.Place(name);
            return name;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            _file.CutTo(session.WholeBytes);
            var seconds = (session.Trouble?.Nanoseconds ?? recording.Facts.DurationNanoseconds) / 1e9;
            throw new CannotContinueException(
                string.Create(CultureInfo.InvariantCulture, $"the recording in '{name}' ends after {seconds:0.0} s: {FileTrouble.Of(session.Trouble?.Cause ?? trouble)}"),
                "what was written until then can be shown; make room or give another place with -o, and run again",
                trouble);
        }
    }

    public void Dispose() => _file.Dispose();
}
