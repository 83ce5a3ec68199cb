using Hognose.Diagnostics;
using Hognose.Formats.Alloc;

namespace Hognose.Cli.Recordings;

/// <summary>The file that a recording goes to.</summary>
internal sealed class RecordingFile : IDisposable
{
    private readonly WholeFile _file;
    private readonly Func<int, string> _nameFor;

    private RecordingFile(WholeFile file, Func<int, string> nameFor)
    {
        _file = file;
        _nameFor = nameFor;
    }

    /// <param name="path">What the user asked for; null: a name made of the program's and its process id, in the current directory.</param>
    /// <param name="programName">"app" of "app.py".</param>
    /// <exception cref="CannotContinueException">It cannot be written there.</exception>
    public static RecordingFile Create(string? path, string programName) =>
        new(WholeFile.Create(path, $"hognose-{programName}.alloc", "recording"), pid => path ?? $"hognose-{programName}.{pid}.alloc");

    /// <summary>Returns the name under which the recording can be found.</summary>
    /// <exception cref="CannotContinueException">The disk is full, or the like; nothing is left behind.</exception>
    public string Keep(RecordingSummary recording)
    {
        var name = _nameFor(recording.Facts.ProcessId);
        _file.Keep(name, stream => AllocWriter.Write(stream, recording));
        return name;
    }

    public void Dispose() => _file.Dispose();
}
