using System.Runtime.InteropServices;
using System.Text;
using Hognose.Cli.Recordings;
using Hognose.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Hognose.Cli.Sampling;

/// <summary>A .dat file being written. The program appends its functions' times to the same file, so every write goes to the end (O_APPEND).</summary>
internal sealed class DatFile : IDisposable
{
    private const int Append = 0x80401;    // O_WRONLY | O_APPEND | O_CLOEXEC
    private const int AppendNew = Append | 0x40 | 0x80; // O_CREAT | O_EXCL
    private const int FileExists = 17;     // EEXIST
    private const int ReadableByAll = 0x1B6; // 0666, which the umask narrows

    private readonly FileStream _file;
    private readonly bool _isNew;
    private readonly long _lengthBefore;
    private long _written;

    private DatFile(int descriptor, string path, bool isNew)
    {
        _file = new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Write, bufferSize: 0);
        Path = path;
        _isNew = isNew;
        _lengthBefore = _file.CanSeek ? _file.Length : 0;
    }

    public string Path { get; }

    /// <summary>The named file, which is continued if it is there.</summary>
    /// <exception cref="CannotContinueException">It cannot be written there.</exception>
    public static DatFile Open(string path) => TryCreate(path) ?? new DatFile(Opened(path, Append), path, isNew: false);

    /// <summary>A new file named after the time; where another run has taken that second's name, after the next one.</summary>
    /// <exception cref="CannotContinueException">It cannot be written there.</exception>
    public static DatFile OpenNew(DateTimeOffset now)
    {
        while (true)
        {
            if (TryCreate(ProfileFiles.NewName(now)) is { } file)
                return file;
            now = now.AddSeconds(1);
        }
    }

    /// <summary>Whole lines, at once: whoever follows the file ('tail -f'), or kills us, finds no half ones.</summary>
    /// <exception cref="CannotContinueException">The disk is full, or the like.</exception>
    public void Write(string lines)
    {
        try
        {
            var bytes = Encoding.UTF8.GetBytes(lines);
            _written += bytes.Length;
            _file.Write(bytes); // At an offset of .NET's own, over which O_APPEND wins: pwrite(2), BUGS.
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new CannotContinueException($"the profile could not be written to '{Path}': {FileTrouble.Of(trouble)}", "make room or give another place with --output FILE", trouble);
        }
    }

    /// <summary>Nothing came of it: the file is as it was before, unless others have written to it meanwhile.</summary>
    public void TakeBack()
    {
        if (!_file.CanSeek || _file.Length != _lengthBefore + _written)
            return;
        if (_isNew)
            File.Delete(Path);
        else
            _file.SetLength(_lengthBefore);
    }

    public void Dispose() => _file.Dispose();

    /// <returns>null: there is such a file.</returns>
    private static DatFile? TryCreate(string path)
    {
        var descriptor = Opened(path, AppendNew);
        return descriptor < 0 ? null : new DatFile(descriptor, path, isNew: true);
    }

    /// <returns>Less than 0: it was to be created and is there.</returns>
    private static int Opened(string path, int flags)
    {
        var descriptor = path.Length == 0 ? -1 : OpenFile(path, flags, ReadableByAll);
        if (descriptor >= 0 || (path.Length > 0 && flags == AppendNew && Marshal.GetLastPInvokeError() == FileExists))
            return descriptor;
        throw new CannotContinueException(
            $"cannot write the profile to '{path}': {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}", "give another place with --output FILE");
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int OpenFile([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, int mode);
}
