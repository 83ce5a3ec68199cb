using System.Buffers.Text;
using Hognose.Diagnostics;
using Hognose.Targets.Native;

namespace Hognose.Targets.Sampling;

/// <summary>
/// The memory of one process, read again and again through one descriptor, which stays with its process also when the id is used anew. But a descriptor
/// of <c>smaps_rollup</c> stays with the memory of before an exec: that file is opened anew each time.
/// </summary>
public sealed unsafe class MemoryProbe : IDisposable
{
    private const int PageBytes = 4096;
    private const int TextBytes = 4096;

    private readonly int _processId;
    private readonly int _descriptor;
    private readonly MemoryMeasure _measure;

    private MemoryProbe(int processId, int descriptor, MemoryMeasure measure)
    {
        _processId = processId;
        _descriptor = descriptor;
        _measure = measure;
    }

    /// <returns>null when there is no such process.</returns>
    /// <exception cref="CannotContinueException">It is there, but this measure of it may not be read.</exception>
    public static MemoryProbe? Open(int processId, MemoryMeasure measure)
    {
        var file = FileOf(measure);
        var descriptor = ProcFile.Open($"/proc/{processId}/{file}", LibC.OpenReadOnly, out var errno);
        if (descriptor >= 0)
            return new MemoryProbe(processId, descriptor, measure);
        return errno is Errno.AccessDenied or Errno.NotPermitted
            ? throw new CannotContinueException(
                $"{file} of pid {processId} may not be read ({Errno.Describe(errno)})", "run as that process's user or with CAP_SYS_PTRACE (sudo), or measure RSS (--backend psutil)")
            : null;
    }

    /// <summary>Bytes; null when the process has ended.</summary>
    public long? Read()
    {
        var descriptor = _measure == MemoryMeasure.Resident ? _descriptor : ProcFile.Open($"/proc/{_processId}/{FileOf(_measure)}", LibC.OpenReadOnly, out _);
        if (descriptor < 0)
            return null;
        var text = stackalloc byte[TextBytes];
        var length = LibC.pread(descriptor, text, TextBytes, 0);
        if (descriptor != _descriptor)
            _ = LibC.close(descriptor);
        if (length <= 0)
            return null;
        var content = new ReadOnlySpan<byte>(text, (int)length);
        // A process that has ended and is not yet waited for has no pages at all.
        return (_measure == MemoryMeasure.Resident ? SecondNumber(content) * PageBytes : Kilobytes(content, _measure) * 1024) is > 0 and var bytes ? bytes : null;
    }

    public void Dispose() => _ = LibC.close(_descriptor);

    private static string FileOf(MemoryMeasure measure) => measure == MemoryMeasure.Resident ? "statm" : "smaps_rollup";

    private static long SecondNumber(ReadOnlySpan<byte> statm) =>
        Utf8Parser.TryParse(statm[(statm.IndexOf((byte)' ') + 1)..], out long pages, out _) ? pages : 0;

    internal static long Kilobytes(ReadOnlySpan<byte> rollup, MemoryMeasure measure)
    {
        long sum = 0;
        foreach (var range in rollup.Split((byte)'\n'))
        {
            var line = rollup[range];
            if (line.StartsWith(measure == MemoryMeasure.Proportional ? "Pss:"u8 : "Private_"u8)
                && Utf8Parser.TryParse(line[(line.IndexOf((byte)':') + 1)..].TrimStart((byte)' '), out long kilobytes, out _))
                sum += kilobytes;
        }
        return sum;
    }
}
