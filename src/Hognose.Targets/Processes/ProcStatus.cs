using System.Globalization;
using System.Text;
using Hognose.Targets.Native;

namespace Hognose.Targets.Processes;

/// <summary>The fields of <c>/proc/PID/status</c> that decide whether and how a process can be read. Sizes are bytes.</summary>
public sealed record ProcStatus
{
    /// <summary>The thread's own name (<c>comm</c>, at most 15 bytes), which the target may set at will.</summary>
    public string Name { get; private init; } = "";

    /// <summary>One letter: R, S, D, T (stopped by a signal), t (stopped by a tracer), Z, X, I.</summary>
    public char State { get; private init; } = '?';

    public int ThreadGroup { get; private init; }

    /// <summary>0 when nobody traces it.</summary>
    public int Tracer { get; private init; }

    public int RealUser { get; private init; }

    public int EffectiveUser { get; private init; }

    /// <summary>The process's id in each PID namespace from ours inwards.</summary>
    public IReadOnlyList<int> NamespaceIds { get; private init; } = [];

    /// <summary>Whether a seccomp filter judges its system calls; it may kill for one.</summary>
    public bool IsFiltered { get; private init; }

    /// <summary>Returns are checked against a second stack (CET).</summary>
    public bool HasShadowStack { get; private init; }

    public bool IsKernelThread { get; private init; }

    public ulong ResidentBytes { get; private init; }

    public ulong PeakResidentBytes { get; private init; }

    public ulong ResidentAnonymousBytes { get; private init; }

    public ulong ResidentFileBytes { get; private init; }

    public ulong ResidentSharedBytes { get; private init; }

    public ulong SwappedBytes { get; private init; }

    /// <summary>By whose rights we run (the effective uid).</summary>
    public static int OwnUser => LibC.geteuid();

    /// <summary>Of a process that left a core: sizes are not in it.</summary>
    internal static ProcStatus OfDead(string name) => new() { Name = name, State = 'X' };

    public static ProcStatus Parse(ReadOnlySpan<byte> text)
    {
        var fields = Fields(text);
        var users = Numbers(fields, "Uid");
        return new ProcStatus
        {
            Name = fields.GetValueOrDefault("Name", ""),
            State = fields.GetValueOrDefault("State", "?") is { Length: > 0 } state ? state[0] : '?',
            ThreadGroup = Number(fields, "Tgid"),
            Tracer = Number(fields, "TracerPid"),
            RealUser = users.Length > 0 ? users[0] : -1,
            EffectiveUser = users.Length > 1 ? users[1] : -1,
            NamespaceIds = Numbers(fields, "NSpid"),
            IsFiltered = Number(fields, "Seccomp") != 0,
            HasShadowStack = fields.GetValueOrDefault("x86_Thread_features", "").Contains("shstk", StringComparison.Ordinal),
            // "Kthread" came with Linux 6.8; before it a kernel thread is known by having no memory at all.
            IsKernelThread = fields.TryGetValue("Kthread", out var kernel) ? kernel == "1" : !fields.ContainsKey("VmSize"),
            ResidentBytes = Kilobytes(fields, "VmRSS"),
            PeakResidentBytes = Kilobytes(fields, "VmHWM"),
            ResidentAnonymousBytes = Kilobytes(fields, "RssAnon"),
            ResidentFileBytes = Kilobytes(fields, "RssFile"),
            ResidentSharedBytes = Kilobytes(fields, "RssShmem"),
            SwappedBytes = Kilobytes(fields, "VmSwap"),
        };
    }

    private static Dictionary<string, string> Fields(ReadOnlySpan<byte> text)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in Encoding.UTF8.GetString(text).Split('\n'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
                fields.TryAdd(line[..colon], line[(colon + 1)..].Trim());
        }
        return fields;
    }

    private static int Number(Dictionary<string, string> fields, string name) => Numbers(fields, name) is [var first, ..] ? first : 0;

    private static int[] Numbers(Dictionary<string, string> fields, string name) =>
        [.. fields.GetValueOrDefault(name, "").Split((char[])['\t', ' '], StringSplitOptions.RemoveEmptyEntries).Select(ParseNumber)];

    private static int ParseNumber(string text) =>
        // A user id is 32-bit unsigned; 4294967295 ("nobody") must not overflow.
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? unchecked((int)value) : 0;

    private static ulong Kilobytes(Dictionary<string, string> fields, string name) =>
        fields.TryGetValue(name, out var text)
        && ulong.TryParse(text.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes)
        && kilobytes <= ulong.MaxValue >> 10
            ? kilobytes << 10
            : 0;
}
