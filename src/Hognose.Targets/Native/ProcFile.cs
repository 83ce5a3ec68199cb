using System.Text;

namespace Hognose.Targets.Native;

/// <summary>Files of <c>/proc</c>: no length beforehand, and the error number is part of the answer.</summary>
internal static unsafe class ProcFile
{
    public static bool TryRead(string path, out byte[] content, out int errno)
    {
        content = [];
        var descriptor = Open(path, LibC.OpenReadOnly, out errno);
        if (descriptor < 0)
            return false;
        try
        {
            return TryReadAll(descriptor, out content, out errno);
        }
        finally
        {
            _ = LibC.close(descriptor);
        }
    }

    /// <summary>The first <paramref name="length"/> bytes; false when the file is shorter or cannot be read.</summary>
    public static bool TryReadStart(string path, int length, out byte[] start)
    {
        start = new byte[length];
        var descriptor = Open(path, LibC.OpenReadOnly, out _);
        if (descriptor < 0)
            return false;
        nint got;
        fixed (byte* destination = start)
            got = LibC.pread(descriptor, destination, (nuint)length, 0);
        _ = LibC.close(descriptor);
        return got == length;
    }

    public static int Open(string path, int flags, out int errno)
    {
        fixed (byte* name = ZeroTerminated(path))
        {
            var descriptor = LibC.open(name, flags | LibC.OpenCloseOnExec, 0);
            errno = descriptor < 0 ? Errno.Last : 0;
            return descriptor;
        }
    }

    public static bool TryReadLink(string path, out string link, out int errno)
    {
        const int capacity = 8192;
        var buffer = stackalloc byte[capacity];
        fixed (byte* name = ZeroTerminated(path))
        {
            var length = LibC.readlink(name, buffer, capacity);
            errno = length < 0 ? Errno.Last : 0;
            link = length < 0 ? "" : Encoding.UTF8.GetString(buffer, (int)length);
            return length >= 0;
        }
    }

    private static bool TryReadAll(int descriptor, out byte[] content, out int errno)
    {
        var buffer = new byte[16 * 1024];
        var filled = 0;
        while (true)
        {
            nint got;
            fixed (byte* destination = buffer)
                got = LibC.read(descriptor, destination + filled, (nuint)(buffer.Length - filled));
            errno = got < 0 ? Errno.Last : 0;
            if (got < 0 && errno == Errno.Interrupted)
                continue;
            if (got <= 0)
                break;
            filled += (int)got;
            if (filled == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
        }
        content = buffer[..filled];
        return errno == 0;
    }

    private static byte[] ZeroTerminated(string path) => Encoding.UTF8.GetBytes(path + '\0');
}
