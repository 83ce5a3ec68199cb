using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Hognose.Formats.Alloc;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Native;

/// <summary>Recordings of samples of real programs: what they estimate is known, since a line says how much it allocates.</summary>
public class SampledRunTests
{
    /// <summary>Small blocks of pymalloc, large ones of the raw domain, some freed, some resized, some in threads.</summary>
    private const string Program = """
        import threading
        kept = []
        def small():
            for i in range(100_000):
                kept.append(bytes(167))
        def large():
            for i in range(500):
                kept.append(bytes(99_967))
        def passing():
            for i in range(100_000):
                bytes(267)
        def growing():
            for i in range(200):
                b = bytearray(10_000)
                b.extend(bytes(10_000))
                kept.append(b)
        small()
        large()
        passing()
        growing()
        threads = [threading.Thread(target=large) for _ in range(4)]
        [each.start() for each in threads]
        [each.join() for each in threads]
        """;

    /// <summary>Bytes: two samples.</summary>
    private const long FewSamples = 2 * 65_536;

    private static readonly string[] Functions = ["small", "large", "passing", "growing"];

    [Theory, ClassData(typeof(AllInterpreters))]
    public void What_lines_allocate_is_estimated_within_the_stated_error(string name)
    {
        using var folder = new TemporaryFolder();
        var exact = Record(folder, Interpreters.Find(name), []);
        var sampled = Record(folder, Interpreters.Find(name), ["--sample=64k"]);

        Assert.Equal((0, 65_536), (exact.Facts.SampleBytes, sampled.Facts.SampleBytes));
        Assert.Equal((0, 0, 0), (sampled.Facts.LostEvents, sampled.Facts.DuplicateAllocations, sampled.Facts.UnknownFrees));
        foreach (var function in Functions)
            AssertWithin(Of(sampled, function), Of(exact, function), function);
    }

    /// <summary>
    /// A block of 32 gaps is told but for one in 10^13, so large ones are those of the exact recording. pymalloc's own tables (128 and 256 KiB of its radix
    /// tree) belong to the small call that needed an arena, and were told.
    /// </summary>
    [Theory, ClassData(typeof(AllInterpreters))]
    public void Large_blocks_are_those_of_the_exact_recording(string name)
    {
        const int least = 17; // 128 KiB.
        using var folder = new TemporaryFolder();
        var (exact, sampled) = (Sizes([]), Sizes(["--sample=4k"]));
        Assert.NotEmpty(exact);
        Assert.Equal(exact, sampled);

        List<SizeClass> Sizes(string[] options)
        {
            var run = BuiltTool.Run(["run", "-q", .. options, "-o", folder.At("x.alloc"), "--python", Interpreters.Find(name).Executable, "-c",
                "kept = [bytes(267) for _ in range(30_000)]\nlarge = [bytes(200_000) for _ in range(3)]"]);
            Assert.True(run.ExitCode == 0, run.ToString());
            using var stream = File.OpenRead(folder.At("x.alloc"));
            return [.. AllocReader.Read(stream, "x.alloc").Shape.Sizes.Where(size => size.Exponent >= least)];
        }
    }

    [Fact]
    public void The_report_calls_estimates_so_and_states_their_error()
    {
        using var folder = new TemporaryFolder();
        var file = folder.At("x.alloc");
        var run = BuiltTool.Run("run", "--sample", "-o", file, "--python", Interpreters.Any.Executable, "-c", Program);
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Matches(@"High-water mark +~ [\d.]+ MiB \+- [\d.]+ MiB  in ~ [\d,]+ blocks", run.Errors);
        Assert.Contains("one allocation in 512.0 KiB on average: figures are estimates", run.Errors, StringComparison.Ordinal);
        Assert.Matches(@"~ [\d.]+ MiB \+- \d+ % ", run.Errors);

        using var json = JsonDocument.Parse(BuiltTool.Run("show", file, "--json").Output);
        Assert.Equal(524_288, json.RootElement.GetProperty("program").GetProperty("sample_bytes").GetInt64());
        Assert.True(json.RootElement.GetProperty("sampling").GetProperty("peak_bytes_error").GetInt64() > 0);
    }

    [Fact]
    public void C_codes_allocations_are_sampled_like_Pythons()
    {
        using var folder = new TemporaryFolder();
        var native = NativeRecording.Of(Interpreters.Any, folder, preloaded: null, "--sample=8k");
        Assert.Equal(8192, native.Recording.Facts.SampleBytes);
        // Kept and aligned blocks of 1,000 rounds, some 800 samples: half as much again would be twelve standard errors.
        Assert.InRange(native.Of("taking").EndBytes + native.Of("aligned").EndBytes, 1_500_000, 3_000_000);
        Assert.Equal(7_984_832, native.Of("mapping").EndBytes);
    }

    /// <summary>Exact before and after: the hooks of one kind leave nothing in the way of the other's.</summary>
    [Theory, ClassData(typeof(AllInterpreters))]
    public void A_running_program_is_sampled_between_exact_recordings(string name)
    {
        using var folder = new TemporaryFolder();
        using var program = TargetProgram.StartText(Interpreters.Find(name), """
            import sys
            def taking():
                kept = []
                for _ in range(500): kept.append(bytes(99_967))
            print("ready", flush=True)
            for line in sys.stdin:
                exec(line)
                print("ready", flush=True)
            """);

        var exact = Attached(program, folder, []);
        var sampled = Attached(program, folder, ["--sample=64k"]);
        var again = Attached(program, folder, []);

        // Besides the bytes the list that holds them, and what an interpreter makes the first time only.
        Assert.InRange(Of(exact, "taking").Usage.TotalBytes, 500 * 100_000, 502 * 100_000);
        Assert.InRange(Of(again, "taking").Usage.TotalBytes, 500 * 100_000, 502 * 100_000);
        Assert.Equal((0, 0, 0), (sampled.Facts.LostEvents, sampled.Facts.DuplicateAllocations, sampled.Facts.UnknownFrees));
        var (usage, variance) = Of(sampled, "taking");
        AssertWithin(usage.TotalBytes, variance.TotalBytes, Of(exact, "taking").Usage.TotalBytes, FewSamples, "bytes ever");
        Assert.Equal((0, "", ""), program.Finish());
    }

    [Fact]
    public void Children_are_sampled_too()
    {
        using var folder = new TemporaryFolder();
        var run = BuiltTool.Run(
            "run", "-q", "--sample=8k", "-o", folder.At("x.alloc"), "--python", Interpreters.Any.Executable, "-c",
            "import os\ndef taking():\n  kept = []\n  for _ in range(5000): kept.append(bytes(1000))\nif os.fork() == 0:\n    taking()\n    os._exit(0)\nos.wait()");
        Assert.True(run.ExitCode == 0, run.ToString());
        var file = Assert.Single(Directory.GetFiles(folder.Path, "x.*.alloc"));
        using var stream = File.OpenRead(file);
        var child = AllocReader.Read(stream, file);
        Assert.Equal((8192, 0, 0), (child.Facts.SampleBytes, child.Facts.LostEvents, child.Facts.UnknownFrees));
        // Some 630 samples: a fifth off would be five standard errors.
        Assert.InRange(Of(child, "taking").Usage.TotalBytes, 4_100_000, 6_200_000);
    }

    [Fact]
    public void Comparisons_and_exports_say_so_and_tell_nothing_of_what_was_freed_at_once()
    {
        using var folder = new TemporaryFolder();
        var file = folder.At("x.alloc");
        var run = BuiltTool.Run("run", "-q", "--sample=64k", "-o", file, "--python", Interpreters.Any.Executable, "-c", Program);
        Assert.True(run.ExitCode == 0, run.ToString());

        var compared = BuiltTool.Run("compare", file, file).Output;
        Assert.Contains("estimated from samples, one in 64.0 KiB", compared, StringComparison.Ordinal);
        Assert.DoesNotContain("Temporary", compared, StringComparison.Ordinal);
        Assert.Contains("(estimated from samples)", Exported("speedscope"), StringComparison.Ordinal);
        Assert.Contains("(estimated from samples)", Encoding.Latin1.GetString(Unpacked("pprof")), StringComparison.Ordinal);
        Assert.Contains("\"sample_bytes\":65536", Exported("json"), StringComparison.Ordinal);
        Assert.Matches(@"\nlarge,[^\n]*\d,,,", Exported("csv"));
        var refused = BuiltTool.Run("show", file, "--temporary");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("has samples only", Assert.Single(refused.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);

        string Exported(string to) => File.ReadAllText(Export(to));

        byte[] Unpacked(string to)
        {
            using var packed = new GZipStream(File.OpenRead(Export(to)), CompressionMode.Decompress);
            using var all = new MemoryStream();
            packed.CopyTo(all);
            return all.ToArray();
        }

        string Export(string to)
        {
            var exported = BuiltTool.Run("export", file, "--to", to, "-o", folder.At($"x.{to}"));
            Assert.True(exported.ExitCode == 0, exported.ToString());
            return folder.At($"x.{to}");
        }
    }

    [Theory, InlineData("--sample=12"), InlineData("--sample=x")]
    public void A_rate_that_is_none_is_refused(string option)
    {
        var run = BuiltTool.Run("run", option, "-c", "pass");
        Assert.Equal(2, run.ExitCode);
        Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static RecordingSummary Record(TemporaryFolder folder, Interpreter python, string[] options)
    {
        var file = folder.At("x.alloc");
        var run = BuiltTool.Run(["run", "-q", .. options, "-o", file, "--python", python.Executable, "-c", Program]);
        Assert.True(run.ExitCode == 0, run.ToString());
        using var stream = File.OpenRead(file);
        return AllocReader.Read(stream, file);
    }

    private static RecordingSummary Attached(TargetProgram program, TemporaryFolder folder, string[] options)
    {
        var pid = program.Pid.ToString(CultureInfo.InvariantCulture);
        using var tool = BuiltTool.Start(["attach", pid, "-o", folder.At("x.alloc"), .. options]);
        Assert.StartsWith("hognose: attached to pid", tool.StandardError.ReadLine(), StringComparison.Ordinal);
        program.Ask("taking()");
        Assert.Equal(0, BuiltTool.Run("detach", pid).ExitCode);
        Assert.True(tool.WaitForExit(TimeSpan.FromMinutes(1)));
        using var stream = File.OpenRead(folder.At("x.alloc"));
        var recording = AllocReader.Read(stream, "x.alloc");
        File.Delete(folder.At("x.alloc"));
        return recording;
    }

    private static (StackUsage Usage, StackVariance Variance) Of(RecordingSummary recording, string function)
    {
        var (usage, variance) = (default(StackUsage), default(StackVariance));
        for (var stack = 1; stack < recording.Usage.Length; stack++)
        {
            if (recording.Stacks.Frames[recording.Stacks.InnermostFrame[stack]].Function != function)
                continue;
            usage = usage.Plus(in recording.Usage[stack]);
            if (recording.Variances.Length == 0)
                continue;
            variance.TotalBytes += recording.Variances[stack].TotalBytes;
            variance.TotalBlocks += recording.Variances[stack].TotalBlocks;
            variance.EndBytes += recording.Variances[stack].EndBytes;
        }
        return (usage, variance);
    }

    private static void AssertWithin((StackUsage Usage, StackVariance Variance) sampled, (StackUsage Usage, StackVariance Variance) exact, string function)
    {
        AssertWithin(sampled.Usage.TotalBytes, sampled.Variance.TotalBytes, exact.Usage.TotalBytes, FewSamples, function + ", bytes ever");
        AssertWithin(sampled.Usage.EndBytes, sampled.Variance.EndBytes, exact.Usage.EndBytes, FewSamples, function + ", bytes held");
        if (function is "small" or "passing") // Of the others some blocks are so small that mostly none of them is a sample.
            AssertWithin(sampled.Usage.TotalBlocks, sampled.Variance.TotalBlocks, exact.Usage.TotalBlocks, 0, function + ", blocks ever");
    }

    /// <summary>
    /// Five standard errors, which one figure in 1.7 million exceeds. The error is estimated from the same samples: of what had less than two it is too small.
    /// </summary>
    private static void AssertWithin(long estimate, double variance, long truth, long allowance, string what) =>
        Assert.True(
            Math.Abs(estimate - truth) <= (5 * Math.Sqrt(variance)) + allowance,
            $"{what}: {estimate} ± {Math.Sqrt(variance)}, {truth} in truth");
}
