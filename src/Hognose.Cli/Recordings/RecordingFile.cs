using Hognose.Diagnostics;
using Hognose.Formats.Alloc;

namespace Hognose.Cli.Recordings;

/// <summary>
/// The file that a recording goes to. Made before the program starts, so that a folder that cannot be written is known at once; written
/// beside its place and moved there when whole, so that an older recording of that name is never half replaced.
/// </summary>
internal sealed class RecordingFile : IDisposable
{
    private readonly FileStream _stream;
    private readonly Func<int, string> _nameFor;
    private readonly bool _inPlace;
    private bool _whole;

    private RecordingFile(FileStream stream, Func<int, string> nameFor, bool inPlace)
    {
        _stream = stream;
        _nameFor = nameFor;
        _inPlace = inPlace;
    }

    /// <param name="path">What the user asked for; null: a name made of the program's and its process id, in the current directory.</param>
    /// <param name="programName">"app" of "app.py".</param>
    /// <exception cref="CannotContinueException">It cannot be written there.</exception>
    public static RecordingFile Create(string? path, string programName)
    {
        if (path is not null && FileKind.IsSpecial(path))
            return new RecordingFile(Open(path, path, FileMode.Open), _ => path, inPlace: true); // /dev/stdout, a named pipe
        if (path is not null && (Directory.Exists(path) || path.Length == 0))
            throw new CannotContinueException($"cannot write the recording to '{path}', which is a folder", "give a file with -o");
        var temporary = $"{path ?? $"hognose-{programName}.alloc"}.{Environment.ProcessId}.part";
        var stream = Open(temporary, path ?? Directory.GetCurrentDirectory(), FileMode.Create);
        return new RecordingFile(stream, pid => path ?? $"hognose-{programName}.{pid}.alloc", inPlace: false);
    }

    /// <summary>Returns the name under which the recording can be found.</summary>
    /// <exception cref="CannotContinueException">The disk is full, or the like; nothing is left behind.</exception>
    public string Keep(RecordingSummary recording)
    {
        var name = _nameFor(recording.Facts.ProcessId);
        try
        {
            AllocWriter.Write(_stream, recording);
            _stream.Flush(flushToDisk: false);
            if (!_inPlace)
                File.Move(_stream.Name, name, overwrite: true);
            _whole = true;
            return name;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new CannotContinueException($"the recording could not be written to '{name}': {FileTrouble.Of(trouble)}", "make room or give another place with -o, and run again", trouble);
        }
    }

    public void Dispose()
    {
        try
        {
            _stream.Dispose();
            if (!_whole && !_inPlace)
                File.Delete(_stream.Name);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            // A full disk speaks up again when the buffer is flushed: it was told already.
        }
    }

    private static FileStream Open(string path, string asked, FileMode mode)
    {
        try
        {
            return new FileStream(path, mode, FileAccess.Write, FileShare.Read, bufferSize: 64 * 1024);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new CannotContinueException($"cannot write the recording to '{asked}': {FileTrouble.Of(trouble)}", "give another place with -o FILE", trouble);
        }
    }
}
