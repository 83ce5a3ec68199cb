using System.Runtime.InteropServices;
using System.Text;
using Hognose.Cli.Recordings;
using Hognose.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Hognose.Cli.Sampling;

/// <summary>A .dat file being written. The program appends its functions' times to the same file, so every write goes to the end (O_APPEND).</summary>
internal sealed class DatFile : IDisposable
{
    private const int AppendNew = 0x80441;  // O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC
    private const int ReadableByAll = 0x1B6; // 0666, which the umask narrows

    private readonly FileStream _file;
    private readonly string _path;

    private DatFile(FileStream file, string path)
    {
        _file = file;
        _path = path;
    }

    /// <exception cref="CannotContinueException">It cannot be written there.</exception>
    public static DatFile Open(string path)
    {
        var descriptor = path.Length == 0 ? -1 : OpenFile(path, AppendNew, ReadableByAll);
        if (descriptor < 0)
            throw new CannotContinueException(
                $"cannot write the profile to '{path}': {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}", "give another place with --output FILE");
        return new DatFile(new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Write, bufferSize: 0), path);
    }

    /// <summary>Whole lines, at once: whoever follows the file ('tail -f'), or kills us, finds no half ones.</summary>
    /// <exception cref="CannotContinueException">The disk is full, or the like.</exception>
    public void Write(string lines)
    {
        try
        {
            _file.Write(Encoding.UTF8.GetBytes(lines)); // At an offset of .NET's own, over which O_APPEND wins: pwrite(2), BUGS.
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new CannotContinueException($"the profile could not be written to '{_path}': {FileTrouble.Of(trouble)}", "make room or give another place with --output FILE", trouble);
        }
    }

    public void Dispose() => _file.Dispose();

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int OpenFile([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, int mode);
}
