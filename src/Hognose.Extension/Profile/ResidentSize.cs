using Hognose.Agent;

namespace Hognose.Extension.Profile;

internal unsafe struct ResidentData
{
    public long Bytes;
    public ResidentKind Kind;
    public Libc.TimeSpec ReadAt;
    public fixed byte Text[ResidentSize.TextBytes];
}

/// <summary>Which of the kernel's figures "resident" stands for; the numbers are the package's, too.</summary>
internal enum ResidentKind
{
    /// <summary>RSS, from <c>/proc/self/statm</c>: 3 µs.</summary>
    Whole = 0,

    /// <summary>PSS and USS, from <c>/proc/self/smaps_rollup</c>: 0.1 ms and more.</summary>
    Proportional = 1,
    Unique = 2,
}

/// <summary>
/// The process's resident memory. Reading it is a hundred times a line event, so it is read again when enough bytes have moved, or at a tick of the
/// coarse clock (1 to 10 ms), which is what memory that doesn't come from Python's allocators shows by.
/// </summary>
internal static unsafe class ResidentSize
{
    public const int TextBytes = 2048;
    private const int ClockMonotonicCoarse = 6;
    private const long PageBytes = 4096;
    private const long ManyBytes = 256 * 1024;
    private const long TickNanoseconds = 1_000_000;

    public static void ReadWhenDue(ProfilerData* data, bool isFirst)
    {
        Libc.TimeSpec now;
        Libc.clock_gettime(ClockMonotonicCoarse, &now);
        var at = &data->Resident.ReadAt;
        var elapsed = ((now.Seconds - at->Seconds) * 1_000_000_000) + now.Nanoseconds - at->Nanoseconds;
        if (isFirst || data->Moved >= ManyBytes || elapsed >= TickNanoseconds)
            Read(data, now);
    }

    public static void ReadNow(ProfilerData* data)
    {
        Libc.TimeSpec now;
        Libc.clock_gettime(ClockMonotonicCoarse, &now);
        Read(data, now);
    }

    private static void Read(ProfilerData* data, Libc.TimeSpec now)
    {
        data->Moved = 0;
        data->Resident.ReadAt = now;
        var errno = *Libc.__errno_location();
        var bytes = data->Resident.Kind == ResidentKind.Whole ? FromStatm(data) : FromRollup(data);
        *Libc.__errno_location() = errno;
        if (bytes > 0)
            data->Resident.Bytes = bytes;
    }

    private static long FromStatm(ProfilerData* data)
    {
        if (!TryReadFile(data, Text.C("/proc/self/statm"u8)))
            return 0;
        var text = data->Resident.Text;
        Libc.strtoul(text, &text, 10);
        return (long)Libc.strtoul(text, &text, 10) * PageBytes;
    }

    private static long FromRollup(ProfilerData* data)
    {
        if (!TryReadFile(data, Text.C("/proc/self/smaps_rollup"u8)))
            return 0;
        var sum = 0L;
        for (var line = data->Resident.Text; *line != 0;)
        {
            var name = line;
            while (*line != 0 && *line != (byte)'\n' && *line != (byte)':')
                line++;
            if (*line == (byte)':' && Belongs(data->Resident.Kind, name))
                sum += (long)Libc.strtoul(line + 1, &line, 10) * 1024;
            while (*line != 0 && *line++ != (byte)'\n')
            {
            }
        }
        return sum;
    }

    private static bool Belongs(ResidentKind kind, byte* name) => kind == ResidentKind.Proportional
        ? Text.StartsWith(name, Text.C("Pss:"u8))
        : Text.StartsWith(name, Text.C("Private_"u8));

    /// <summary>Opened anew each time: a descriptor that stays open would show in the program, and would be its parent's after a fork.</summary>
    private static bool TryReadFile(ProfilerData* data, byte* path)
    {
        var file = Libc.open(path, Libc.OpenCloseOnExec);
        if (file < 0)
            return false;
        var length = Libc.read(file, data->Resident.Text, TextBytes - 1);
        Libc.close(file);
        data->Resident.Text[length < 0 ? 0 : length] = 0;
        return length > 0;
    }
}
