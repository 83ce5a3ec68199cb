using System.Runtime.InteropServices;

namespace Hognose.Targets.Launch;

/// <summary>Sleeps of microseconds; .NET's shortest is a millisecond.</summary>
public static unsafe class Nap
{
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    public static void For(int microseconds)
    {
        var time = new TimeSpec { Nanoseconds = microseconds * 1000L };
        _ = nanosleep(&time, null);
    }

    [DllImport("libc")]
    private static extern int nanosleep(TimeSpec* time, TimeSpec* remaining);
}
