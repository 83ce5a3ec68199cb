namespace Hognose.Agent;

/// <summary>
/// How long has been waited, in naps. A nap takes its length and 50 µs with the kernel's timer slack, milliseconds where other programs want every core,
/// and as long as it takes while both processes are stopped (Ctrl-Z): of one nap no more counts than <see cref="LongestNap"/>.
/// </summary>
internal struct Patience
{
    private const ulong LongestNap = 10_000_000;

    /// <summary>ns.</summary>
    public ulong Waited { get; private set; }

    public void Reset() => Waited = 0;

    /// <summary>Began to nap at <paramref name="fell"/> (ns of CLOCK_MONOTONIC), and has just woken.</summary>
    public void Count(ulong fell) => Waited += Math.Min(Libc.Nanoseconds(Libc.ClockMonotonic) - fell, LongestNap);

    public void Nap(long nanoseconds)
    {
        var fell = Libc.Nanoseconds(Libc.ClockMonotonic);
        Libc.Sleep(nanoseconds);
        Count(fell);
    }
}
