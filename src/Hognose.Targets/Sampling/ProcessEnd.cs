using System.Runtime.InteropServices;
using Hognose.Targets.Native;

namespace Hognose.Targets.Sampling;

/// <summary>Sleeps until a moment or until a process ends, whichever comes first: no wakeup in between.</summary>
public sealed unsafe class ProcessEnd : IDisposable
{
    private const short Readable = 1; // POLLIN
    private readonly int _descriptor;

    public ProcessEnd(int processId) => _descriptor = (int)LibC.syscall(LibC.OpenProcessCall, processId, 0, 0);

    /// <summary>false where the kernel cannot tell: then <see cref="WaitFor"/> only sleeps.</summary>
    public bool IsKnown => _descriptor >= 0;

    /// <returns>true when the process has ended; false also where the kernel can't tell.</returns>
    public bool WaitFor(TimeSpan most)
    {
        var nanoseconds = Math.Max(0, (long)(most.TotalMilliseconds * 1e6));
        var time = new TimeSpec { Seconds = nanoseconds / 1_000_000_000, Nanoseconds = nanoseconds % 1_000_000_000 };
        var poll = new PollDescriptor { Descriptor = _descriptor, Events = Readable };
        return ppoll(&poll, _descriptor < 0 ? 0u : 1u, &time, null) > 0;
    }

    public void Dispose()
    {
        if (_descriptor >= 0)
            _ = LibC.close(_descriptor);
    }

    [DllImport("libc")]
    private static extern int ppoll(PollDescriptor* descriptors, nuint count, TimeSpec* timeout, void* signals);

    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
