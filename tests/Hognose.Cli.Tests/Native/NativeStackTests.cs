using Hognose.Formats.Alloc;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Native;

/// <summary>C frames of a recording, against glibc's own unwinder at the same place, and on stacks where nothing may go wrong.</summary>
public class NativeStackTests
{
    private const int CallsOnOtherStack = 300;

    public static TheoryData<string, string> Spread => new()
    {
        { "3.8", "-gdwarf-4" }, { "3.9", "-gdwarf-2" }, { "3.10", "-gdwarf-3" }, { "3.11 static", "-gdwarf-5" }, { "3.12", "-g" }, { "3.13", "-g0" }, { "3.14", "-g" }, { "3.15", "-g -gz" },
    };

    [Theory, MemberData(nameof(Spread))]
    public void C_frames_stand_between_the_python_frames_that_they_called(string name, string debug)
    {
        using var folder = new TemporaryFolder();
        var file = folder.At("chain.alloc");
        var library = CompiledLibrary.Compile(folder, "chain.c", [.. debug.Split(' '), "-fno-optimize-sibling-calls"]);
        var run = BuiltTool.Run(
            "run", "-q", "--native-stacks", "--native-allocations", "-o", file, "--python", Interpreters.Find(name).Executable, CompiledLibrary.Source("chain.py"), library);
        Assert.True(run.ExitCode == 0 && run.Output.EndsWith("done\n", StringComparison.Ordinal), run.ToString());
        using var stream = File.OpenRead(file);
        var recording = AllocReader.Read(stream, file);
        var stacks = Stacks(recording);

        var chain = stacks.First(frames => Function(frames, "<module>") && Function(frames, "chain_innermost") && frames[0].IsNative);
        AssertIsBacktrace(run.Output.Split('\n')[0], chain, loopHasName: name is not ("3.14" or "3.15"));
        Assert.Equal(
            ["malloc", "chain_innermost", .. (string[])(debug == "-g0" ? [] : ["chain_inlined"]), "chain_variable", "inner", "chain_with", "outer", "<module>"],
            chain.Select(frame => frame.Function).Where(function => function is "malloc" or "inner" or "outer" or "<module>" || function.StartsWith("chain_", StringComparison.Ordinal)));
        AssertLine(chain[1], debug);
        // The thread that is none of Python's.
        Assert.Contains(stacks, frames => frames.Select(frame => frame.Function).Take(3).SequenceEqual(["malloc", "chain_with", "in_thread"]) && frames.All(frame => frame.IsC || frame.IsNative));
        Assert.InRange(recording.Facts.CutNativeStacks, CallsOnOtherStack, recording.Facts.Allocations);
        Assert.Equal((true, 0, 0), (recording.Facts.NativeStacks, recording.Facts.DuplicateAllocations, recording.Facts.LostEvents));
        AssertPythonStaysWhole(recording);
    }

    /// <summary>How the recording marks a C frame is its own matter: no table and no export shows it.</summary>
    [Fact]
    public void However_it_is_told_a_c_frame_goes_by_its_name()
    {
        using var folder = new TemporaryFolder();
        var file = folder.At("x.alloc");
        var library = CompiledLibrary.Compile(folder, "chain.c", "-g");
        const string program = "import ctypes, sys; lib = ctypes.CDLL(sys.argv[1]); call = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_size_t)(lambda size: lib.chain_variable(size, 100)); lib.chain_with(call, 12345)";
        BuiltTool.Run("run", "-q", "--native-stacks", "--native-allocations", "-o", file, "--python", Interpreters.Any.Executable, "-c", program, library);
        foreach (var by in (string[])["line", "function", "file", "module"])
            AssertTold(BuiltTool.Run("show", file, "--tree", "--all", "--by", by, "--min-share", "0"), by is "line" or "function" ? "chain_with" : "libffi.so", by);
        foreach (var format in (string[])["folded", "csv", "json", "speedscope", "chrome-trace"])
            AssertTold(BuiltTool.Run("export", file, "--view", "all", "--to", format, "-o", "-"), "chain_with", format);
    }

    private static void AssertTold(ToolRun run, string name, string what)
    {
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.True(!run.Output.Contains("<native> ", StringComparison.Ordinal), what);
        Assert.True(run.Output.Contains(name, StringComparison.Ordinal), what);
    }

    [Fact]
    public void Without_the_option_there_is_no_c_frame()
    {
        using var folder = new TemporaryFolder();
        var file = folder.At("x.alloc");
        BuiltTool.Run("run", "-q", "-o", file, "--python", Interpreters.Any.Executable, "-c", "kept = [str(i) for i in range(1000)]");
        using var stream = File.OpenRead(file);
        var recording = AllocReader.Read(stream, file);

        Assert.False(recording.Facts.NativeStacks);
        Assert.DoesNotContain(recording.Stacks.Frames, frame => frame.IsC);
        Assert.Same(recording, recording.OfPython());
    }

    /// <summary>
    /// dladdr knows exported functions only, addr2line those that were put into their callers, where there is debug information; the evaluation loop is what Python's frames stand for, of which Debian's 3.14 and 3.15 have all but the head where no
    /// symbol names it.
    /// </summary>
    private static void AssertIsBacktrace(string said, SourceFrame[] chain, bool loopHasName)
    {
        var expected = Backtrace.Functions(said.Split(' ').Skip(2)).ToList();
        var at = 0;
        foreach (var frame in chain.Where(frame => !frame.IsNative))
        {
            Assert.True(at < expected.Count, $"{said}\n{string.Join(' ', chain.Select(each => each.Function))}");
            // The outermost Python frames of their evaluations.
            if (!loopHasName && frame.Function is "inner" or "<module>")
                Assert.Equal("?", expected[at++]);
            if (frame.IsC && IsComparable(expected[at]) && !frame.Function.StartsWith('+'))
                Assert.Equal(expected[at].TrimStart('_'), frame.Function.Split('.')[0].TrimStart('_'));
            at += frame.IsC ? 1 : 0;
        }
        Assert.Equal(expected.Count, at);
    }

    private static bool IsComparable(string function) => function.TrimStart('_').StartsWith("Py", StringComparison.Ordinal) || function.StartsWith("chain_", StringComparison.Ordinal);

    private static void AssertLine(SourceFrame innermost, string debug)
    {
        var marked = 1 + File.ReadAllLines(CompiledLibrary.Source("chain.c")).Index().First(line => line.Item.Contains("/* marked */", StringComparison.Ordinal)).Index;
        Assert.Equal(debug == "-g0" ? 0 : marked, innermost.Line);
        Assert.EndsWith(debug == "-g0" ? ".so" : "chain.c", innermost.Place, StringComparison.Ordinal);
    }

    private static void AssertPythonStaysWhole(RecordingSummary recording)
    {
        var python = recording.OfPython();
        Assert.DoesNotContain(Enumerable.Range(1, python.Stacks.Count - 1), stack => python.Stacks.Frames[python.Stacks.InnermostFrame[stack]].IsC);
        Assert.Equal(recording.Usage.Sum(usage => usage.TotalBytes), python.Usage.Sum(usage => usage.TotalBytes));
        // Every call of the recursion has its own line of Python, however deep.
        Assert.Equal(10001, Counts(python.Stacks, "far").Max());
    }

    /// <summary>By stack, how often a function is in it.</summary>
    private static int[] Counts(StackTable stacks, string? function)
    {
        var counts = new int[stacks.Count];
        for (var stack = 1; stack < stacks.Count; stack++)
            counts[stack] = counts[stacks.ParentStack[stack]] + (function is null || stacks.Frames[stacks.InnermostFrame[stack]].Function == function ? 1 : 0);
        return counts;
    }

    /// <summary>Innermost first; those of the recursion are left out, which would be millions of frames.</summary>
    private static List<SourceFrame[]> Stacks(RecordingSummary recording)
    {
        var stacks = new List<SourceFrame[]>();
        var depths = Counts(recording.Stacks, null);
        for (var stack = 0; stack < recording.Usage.Length; stack++)
        {
            if (recording.Usage[stack].TotalBlocks == 0 || depths[stack] > 500)
                continue;
            var frames = new List<SourceFrame>();
            for (var at = stack; at != 0; at = recording.Stacks.ParentStack[at])
                frames.Add(recording.Stacks.Frames[recording.Stacks.InnermostFrame[at]]);
            stacks.Add([.. frames]);
        }
        return stacks;
    }

    private static bool Function(SourceFrame[] frames, string name) => frames.Any(frame => frame.Function == name);
}
