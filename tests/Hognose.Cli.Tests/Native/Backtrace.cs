using System.Globalization;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Native;

/// <summary>What chain.c printed of its callers, with the functions that binutils' addr2line knows to be inlined there.</summary>
internal static class Backtrace
{
    private const string Loop = "_PyEval_EvalFrameDefault";
    private const int ElfTypeAt = 16;
    private const byte AtFixedAddress = 2;

    /// <summary>The innermost first, "?" for those without a name, without CPython's evaluation loop.</summary>
    /// <param name="frames">function@library@where it lies@address of the call.</param>
    public static IEnumerable<string> Functions(IEnumerable<string> frames)
    {
        foreach (var frame in frames)
        {
            var words = frame.Split('@');
            string[] functions = [.. Inlined(words[1], Number(words[2]), Number(words[3])), words[0]];
            if (functions[^1] != Loop)
                foreach (var function in functions)
                    yield return function;
        }
    }

    private static string[] Inlined(string library, ulong start, ulong address)
    {
        if (!File.Exists(library))
            return [];
        using var file = File.OpenRead(library);
        var head = new byte[ElfTypeAt + 1];
        file.ReadExactly(head);
        var run = BuiltTool.Execute("addr2line", ["-i", "-f", "-e", library, $"0x{(head[ElfTypeAt] == AtFixedAddress ? address : address - start):x}"]);
        Assert.True(run.ExitCode == 0, run.ToString());
        // Pairs of a function and its place; the last is that which the linker knows.
        return [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Chunk(2).Select(pair => pair[0]).SkipLast(1)];
    }

    private static ulong Number(string text) => ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
