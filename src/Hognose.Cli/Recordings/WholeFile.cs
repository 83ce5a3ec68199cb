using Hognose.Diagnostics;
using Hognose.Reports;

namespace Hognose.Cli.Recordings;

/// <summary>
/// A file that we write. Made before the work starts, so that a folder that cannot be written is known at once; written beside its place and moved
/// there when whole, so that an older file of that name is never half replaced.
/// </summary>
internal sealed class WholeFile : IDisposable
{
    private readonly FileStream _stream;
    private readonly string _kind;
    private readonly string _option;
    private readonly bool _inPlace;
    private readonly GoneWithUs? _gone;
    private bool _whole;

    private WholeFile(FileStream stream, string kind, string option, bool inPlace, GoneWithUs? gone)
    {
        _stream = stream;
        _kind = kind;
        _option = option;
        _inPlace = inPlace;
        _gone = gone;
    }

    /// <param name="path">What the user asked for; null: the default name, in the current directory.</param>
    /// <param name="defaultName">As far as it is known yet.</param>
    /// <param name="kind">"recording", "snapshot": for messages.</param>
    /// <param name="option">That gives it another place: for messages.</param>
    /// <param name="endsWithUs">A signal that ends us deletes what is not whole; false: signals are somebody else's while it is written.</param>
    /// <exception cref="CannotContinueException">It cannot be written there.</exception>
    public static WholeFile Create(string? path, string defaultName, string kind, string option = "-o", bool endsWithUs = true)
    {
        if (path is not null && FileKind.IsSpecial(path))
            return new WholeFile(Open(path, path, FileMode.Open, kind, option), kind, option, inPlace: true, gone: null); // /dev/stdout, a named pipe
        if (path is not null && (Directory.Exists(path) || path.Length == 0))
            throw new CannotContinueException($"cannot write the {kind} to '{path}', which is a folder", $"give a file with {option}");
        var temporary = $"{path ?? defaultName}.{Environment.ProcessId}.part";
        var asked = path ?? (CurrentFolder.Path is { Length: > 0 } folder ? folder : ".");
        var gone = endsWithUs ? new GoneWithUs(temporary) : null;
        try
        {
            return new WholeFile(Open(temporary, asked, FileMode.Create, kind, option), kind, option, inPlace: false, gone);
        }
        catch (CannotContinueException)
        {
            gone?.Dispose();
            throw;
        }
    }

    /// <summary>Writes all of it and gives it its name.</summary>
    /// <exception cref="CannotContinueException">The disk is full, or the like; nothing is left behind.</exception>
    public void Keep(string name, Action<Stream> write)
    {
        try
        {
            write(_stream);
            _stream.Flush(flushToDisk: false);
            if (!_inPlace)
                File.Move(_stream.Name, name, overwrite: true);
            _whole = true;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new CannotContinueException($"the {_kind} could not be written to '{name}': {FileTrouble.Of(trouble)}", $"make room or give another place with {_option}, and run again", trouble);
        }
    }

    /// <summary>For a file that is of use before it is whole: gives it its name now.</summary>
    /// <exception cref="IOException">It cannot have it.</exception>
    public void Place(string name)
    {
        if (!_inPlace && !_whole)
            File.Move(_stream.Name, name, overwrite: true);
        _whole = true;
    }

    public Stream Stream => _stream;

    /// <summary>Cuts off what follows, where the file is one that can be cut.</summary>
    public void CutTo(long length)
    {
        try
        {
            if (length > 0 && _stream.CanSeek)
                _stream.SetLength(length);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            // A reader does without.
        }
    }

    public void Dispose()
    {
        // A full disk speaks up again when the buffer is flushed: it was told already.
        Try(_stream.Dispose);
        if (!_whole && !_inPlace)
            Try(() => File.Delete(_stream.Name));
        _gone?.Dispose();
    }

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            // Nothing is lost that was not lost before.
        }
    }

    private static FileStream Open(string path, string asked, FileMode mode, string kind, string option)
    {
        try
        {
            // Of a pipe nothing is kept back: closing one that nobody reads would wait for ever.
            return new FileStream(path, mode, FileAccess.Write, FileShare.Read, bufferSize: mode == FileMode.Open ? 0 : 64 * 1024);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new CannotContinueException($"cannot write the {kind} to '{asked}': {FileTrouble.Of(trouble)}", $"give another place with {option} FILE", trouble);
        }
    }
}
