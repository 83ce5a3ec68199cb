using System.Text.RegularExpressions;
using Hognose.Testing;

namespace Hognose.Package.Tests;

/// <summary>No .NET runtime may start in somebody's process. It starts with the first call into it, so there must be no such call.</summary>
public partial class RawModeTests
{
    private static readonly string[] Libc =
    [
        "mmap", "munmap", "dlsym", "memmove", "memset", "strlen", "strtoul", "__errno_location", "open", "read", "close", "clock_gettime", "nanosleep", "pthread_atfork",
        "madvise", "getpid", "kill", "waitid", "memcmp", "getenv", "syscall",
    ];

    /// <summary>The poll that follows a call out of managed code: a flag that only a running runtime sets.</summary>
    private static readonly string[] Poll = ["RhpTrapThreads", "RhpGcPoll"];

    [Fact]
    public void The_extension_refers_to_nothing_but_libc()
    {
        _ = BuiltWheel.FilePath;
        var file = Path.Combine(Repository.Root, "src/Hognose.Extension/obj/Release/net10.0/linux-x64/native/_hognose.o");
        var run = BuiltTool.Execute("objdump", ["-dr", "--no-show-raw-insn", file]);
        Assert.True(run.ExitCode == 0, run.Errors);

        var references = OutsideReferences(run.Output);

        Assert.Contains("mmap", references);
        Assert.Empty(references.Except(Libc).Except(Poll));
    }

    private static SortedSet<string> OutsideReferences(string code)
    {
        var symbols = new SortedSet<string>(StringComparer.Ordinal);
        var isOurs = false;
        foreach (var line in code.Split('\n'))
        {
            if (Method().Match(line) is { Success: true } method)
                isOurs = IsOurs(method.Groups[1].Value);
            else if (isOurs && Relocation().Match(line) is { Success: true } relocation && !IsOurs(relocation.Groups[1].Value))
                symbols.Add(relocation.Groups[1].Value);
        }
        return symbols;
    }

    private static bool IsOurs(string symbol) => symbol.Contains("hognose", StringComparison.Ordinal);

    [GeneratedRegex("^[0-9a-f]+ <(.+)>:$")]
    private static partial Regex Method();

    [GeneratedRegex(@"\sR_X86_64_\w+\s+([^\s+-]+)")]
    private static partial Regex Relocation();
}
