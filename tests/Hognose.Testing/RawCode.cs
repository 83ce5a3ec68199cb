using System.Text.RegularExpressions;
using Xunit;

namespace Hognose.Testing;

/// <summary>
/// Code that runs in somebody's process without a .NET runtime, as objdump shows the object file that ILC made of it. The runtime starts with the first call
/// into it, so there must be no such call. One list for all such code: the extension holds the agent's.
/// </summary>
public static partial class RawCode
{
    private static readonly string[] Libc =
    [
        "mmap", "munmap", "madvise", "open", "read", "close", "access", "pread", "pwrite", "nanosleep", "clock_gettime", "getpid", "kill", "_exit", "syscall",
        "__errno_location", "getenv", "dlsym", "dl_iterate_phdr", "pthread_atfork", "pthread_self", "memcmp", "memmove", "memset", "strlen", "strtoul",
    ];

    /// <summary>The poll that follows a call out of managed code: a flag that only a running runtime sets.</summary>
    private static readonly string[] Poll = ["RhpTrapThreads", "RhpGcPoll"];

    /// <summary>Touches the pages of a frame of more than one: a few instructions that call nothing.</summary>
    private const string Probe = "RhpStackProbe";

    /// <param name="objectFile">From the root of the checkout.</param>
    /// <param name="ours">What the names of our own methods hold.</param>
    public static void MustReferToNothingButLibc(string objectFile, string ours)
    {
        var file = Path.Combine(Repository.Root, objectFile);
        Assert.True(File.Exists(file), $"{file} is not there");
        var run = BuiltTool.Execute("objdump", ["-dr", "--no-show-raw-insn", file]);
        Assert.True(run.ExitCode == 0, run.Errors);

        var references = OutsideReferences(run.Output, ours);

        Assert.Contains("mmap", references);
        Assert.Empty(references.Except(Libc).Except(Poll).Except([Probe]));
    }

    private static SortedSet<string> OutsideReferences(string code, string ours)
    {
        var symbols = new SortedSet<string>(StringComparer.Ordinal);
        var isOurs = false;
        foreach (var line in code.Split('\n'))
        {
            if (Method().Match(line) is { Success: true } method)
                isOurs = method.Groups[1].Value.Contains(ours, StringComparison.Ordinal);
            else if (isOurs && Relocation().Match(line) is { Success: true } relocation && !relocation.Groups[1].Value.Contains(ours, StringComparison.Ordinal))
                symbols.Add(relocation.Groups[1].Value);
        }
        return symbols;
    }

    [GeneratedRegex("^[0-9a-f]+ <(.+)>:$")]
    private static partial Regex Method();

    [GeneratedRegex(@"\sR_X86_64_\w+\s+([^\s+-]+)")]
    private static partial Regex Relocation();
}
