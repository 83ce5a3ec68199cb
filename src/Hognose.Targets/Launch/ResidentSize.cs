using Hognose.Targets.Native;

namespace Hognose.Targets.Launch;

/// <summary>The resident size of a process, read again and again from <c>/proc/PID/statm</c> through one descriptor.</summary>
public sealed unsafe class ResidentSize : IDisposable
{
    private const int PageBytes = 4096;
    private readonly int _descriptor;

    public ResidentSize(int processId) =>
        _descriptor = ProcFile.Open($"/proc/{processId}/statm", LibC.OpenReadOnly, out _);

    /// <summary>-1 when it is not known: the process is gone.</summary>
    public long Bytes
    {
        get
        {
            if (_descriptor < 0)
                return -1;
            var text = stackalloc byte[128];
            var length = LibC.pread(_descriptor, text, 128, 0);
            return length <= 0 ? -1 : ParseSecond(new ReadOnlySpan<byte>(text, (int)length));
        }
    }

    public void Dispose()
    {
        if (_descriptor >= 0)
            _ = LibC.close(_descriptor);
    }

    private static long ParseSecond(ReadOnlySpan<byte> statm)
    {
        var second = statm[(statm.IndexOf((byte)' ') + 1)..];
        return System.Buffers.Text.Utf8Parser.TryParse(second, out long pages, out _) && pages > 0 ? pages * PageBytes : -1;
    }
}
