using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Arguments;

/// <summary>What two recordings of real runs are asked: views, trees, comparisons, exports.</summary>
public sealed partial class RecordingQuestionsTests : IClassFixture<RecordingQuestionsTests.TwoRuns>
{
    private const int Buffer = 100_000;

    private readonly TwoRuns _runs;

    public RecordingQuestionsTests(TwoRuns runs) => _runs = runs;

    [Fact]
    public void A_view_holds_what_the_program_did()
    {
        long Bytes(string view) => Json("show", "before.alloc", "--json", "--by", "function", "--sites", "1000", view).GetProperty("view").GetProperty("sites")
            .EnumerateArray().Where(site => site.GetProperty("function").GetString() == "grow").Sum(site => site.GetProperty("bytes").GetInt64());

        // Ten kept, five let go at once; heads of objects and the list are small beside them.
        Assert.InRange(Bytes("--leaks"), 10 * Buffer, (10 * Buffer) + 20_000);
        Assert.InRange(Bytes("--all"), 15 * Buffer, (15 * Buffer) + 30_000);
        Assert.InRange(Bytes("--temporary"), 0, (5 * Buffer) + 30_000);
        Assert.Equal(Json("show", "before.alloc", "--json").GetProperty("high_water_mark").GetProperty("bytes").GetInt64(),
            Json("show", "before.alloc", "--json", "--view", "high-water").GetProperty("view").GetProperty("bytes").GetInt64());
    }

    [Fact]
    public void The_tree_leads_from_the_entry_to_what_allocated_and_back()
    {
        Assert.Matches(@"(?s)<module> one/app\.py:9.*\n[^\n]* grow one/app\.py:4\n", Tool(0, "show", "before.alloc", "--tree").Output);
        Assert.Matches(@"(?s) grow one/app\.py:4\n[^\n]*<module> one/app\.py:9\n", Tool(0, "show", "before.alloc", "--tree", "--invert").Output);
        Assert.Equal("app", Json("show", "before.alloc", "--tree", "--by", "module", "--module", "app", "--json").GetProperty("top").GetProperty("parts")[0].GetProperty("module").GetString());
    }

    [Theory]
    [InlineData("--since", "0.001", "--thread", "0")]
    [InlineData("--at", "end")]
    [InlineData("--growth", "--since", "1ms", "--until", "1h", "--module", "ap*")]
    [InlineData("--temporary", "--temporary-threshold", "3")]
    [InlineData("--tree", "--by", "function", "--until", "1h", "--module", "app")]
    public void The_next_command_shows_the_same_part(params string[] selection)
    {
        static string? Note(string report) => report.Split('\n').FirstOrDefault(line => line.Contains("only ", StringComparison.Ordinal));

        var (first, next) = (Tool(0, ["show", "before.alloc", .. selection]).Output, new List<string>());
        foreach (var word in Next().Match(first).Groups[1].Value.Split(' '))
            next.Add(word.Trim('\''));
        Assert.Superset(selection.ToHashSet(), next.ToHashSet());
        Assert.Equal(Note(first), Note(Tool(0, [.. next]).Output));
    }

    [Fact]
    public void A_comparison_finds_what_grew_though_its_line_moved_and_can_fail_a_build()
    {
        var text = Tool(0, "compare", "before.alloc", "after.alloc", "--by", "line", "--leaks").Output;
        Assert.Matches(@"\n +\+\S+ KiB .* grow two/app\.py:5 \(was :4\)\n", text);

        Assert.Equal("", Tool(0, "compare", "before.alloc", "after.alloc", "--leaks", "--fail-on", "+10M", "--fail-on", "+1.5M").Errors);
        var failed = Tool(1, "compare", "before.alloc", "after.alloc", "--leaks", "--fail-on", "+10M", "--fail-on", "+5%", "--json");
        Assert.Matches(@"^hognose: held at the end: \+\S+ KiB \(\d+\.\d %\), from \S+ \S+ to \S+ \S+: more than --fail-on \+5%\n$", failed.Errors);
        Assert.Equal("leaks", JsonDocument.Parse(failed.Output).RootElement.GetProperty("view").GetString());
    }

    [Fact]
    public void A_module_that_only_holds_in_a_window_is_there_and_exports_add_up()
    {
        var end = Json("show", "before.alloc", "--json").GetProperty("end").GetProperty("at_seconds").GetDouble();
        // Into its last sleep: events of one tick of the recording's clock are one moment, and the last that it let go came just before.
        var since = (end - 0.05).ToString("0.000000", CultureInfo.InvariantCulture);
        JsonElement View(params string[] more) => Json(["show", "before.alloc", "--json", "--since", since, "--view", "high-water", .. more]).GetProperty("view");

        // All that it allocated was before Python's shutdown, and it kept ten.
        Assert.InRange(View("--module", "__main__").GetProperty("bytes").GetInt64(), 10 * Buffer, (10 * Buffer) + 60_000);

        var folded = Tool(0, "export", "before.alloc", "--to", "folded", "-o", "-", "--since", since, "--view", "high-water").Output;
        Assert.Equal(View().GetProperty("bytes").GetInt64(), folded.Split('\n', StringSplitOptions.RemoveEmptyEntries).Sum(line => long.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Exports_go_to_a_file_named_after_the_recording_or_to_standard_output()
    {
        foreach (var (format, ending) in new[] { ("pprof", ".pb.gz"), ("speedscope", ".speedscope.json"), ("folded", ".folded"), ("csv", ".csv"), ("json", ".stacks.json"), ("chrome-trace", ".trace.json") })
        {
            var run = Tool(0, "export", "before.alloc", "--to", format);
            Assert.Matches($"^hognose: wrote before{ending.Replace(".", "\\.")}; next: [^\n]+\n$", run.Errors);
            Assert.True(new FileInfo(_runs.Folder.At("before" + ending)).Length > 100);
        }
        Assert.Equal(File.ReadAllText(_runs.Folder.At("before.folded")), Tool(0, "export", "before.alloc", "--to", "folded", "-o", "-").Output);
        Assert.Contains("<module> (", File.ReadAllText(_runs.Folder.At("before.folded")), StringComparison.Ordinal);

        using var profile = new GZipStream(File.OpenRead(_runs.Folder.At("before.pb.gz")), CompressionMode.Decompress);
        using var unzipped = new MemoryStream();
        profile.CopyTo(unzipped);
        Assert.Contains("inuse_space", Encoding.UTF8.GetString(unzipped.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_input_is_one_line()
    {
        string Errors(params string[] arguments)
        {
            var run = Tool(2, arguments);
            Assert.Equal("", run.Output);
            Assert.Matches("^hognose: [^\n]+: [^\n]+\n$", run.Errors);
            return run.Errors;
        }

        File.Copy(_runs.Folder.At("before.alloc"), _runs.Folder.At("renamed.heap"), overwrite: true);
        Assert.Contains("'before.alloc' is a recording, no heap: 'hognose show'", Errors("heap", "before.alloc"), StringComparison.Ordinal);
        Assert.Contains("'renamed.heap' is no snapshot of hognose, but a recording: 'hognose show'", Errors("biggest", "renamed.heap"), StringComparison.Ordinal);
        Assert.Contains("one view at a time, not leaks and all", Errors("show", "before.alloc", "--all", "--leaks"), StringComparison.Ordinal);
        Assert.Contains("'late' is no value of option '--view'", Errors("show", "before.alloc", "--view", "late"), StringComparison.Ordinal);
        Assert.Contains("does not say which type a block was of", Errors("show", "before.alloc", "--by", "type"), StringComparison.Ordinal);
        Assert.Contains("no module that allocated fits 'nothing.*'", Errors("show", "before.alloc", "--module", "nothing.*"), StringComparison.Ordinal);
        Assert.Contains("--invert is for the tree of calls", Errors("show", "before.alloc", "--invert"), StringComparison.Ordinal);
        Assert.Contains("'200%' is no share", Errors("show", "before.alloc", "--tree", "--min-share", "200%"), StringComparison.Ordinal);
        Assert.Contains("'much' is no limit of growth", Errors("compare", "before.alloc", "after.alloc", "--fail-on", "much"), StringComparison.Ordinal);
        Assert.Contains("cannot read 'none.alloc'", Errors("compare", "before.alloc", "none.alloc"), StringComparison.Ordinal);
        Assert.Contains("'compare' needs BEFORE.ALLOC and AFTER.ALLOC", Errors("compare", "before.alloc"), StringComparison.Ordinal);
        Assert.Contains("has what was allocated and what is held", Errors("export", "before.alloc", "--to", "pprof", "--temporary"), StringComparison.Ordinal);
        Assert.Contains("no space left on the disk", Errors("export", "before.alloc", "--to", "csv", "-o", "/dev/full"), StringComparison.Ordinal);
        Assert.Contains("'svg' is no value of option '--to'", Errors("export", "before.alloc", "--to", "svg"), StringComparison.Ordinal);
    }

    [GeneratedRegex("\n  Next  hognose ([^\n]+)\n")]
    private static partial Regex Next();

    private ToolRun Tool(int status, params string[] arguments)
    {
        var run = BuiltTool.Execute(BuiltTool.Path, arguments, folder: _runs.Folder.Path);
        Assert.True(run.ExitCode == status, run.ToString());
        return run;
    }

    /// <summary>A deployment leaves the shell of whoever is on call in a folder that is no more.</summary>
    [Fact]
    public void A_folder_that_was_deleted_is_no_obstacle()
    {
        string Gone(string command)
        {
            var run = BuiltTool.Execute("/bin/sh", ["-c", $"mkdir gone && cd gone && rmdir ../gone && exec {command}"], folder: _runs.Folder.Path);
            Assert.True(run.ExitCode == 0, run.ToString());
            return run.Output;
        }

        Assert.Matches(@" grow +\S+/one/app\.py:4\n", Gone($"{BuiltTool.Path} show {_runs.Folder.At("before.alloc")}"));
        Assert.Contains("def grow(count):", Gone($"{BuiltTool.Path} lines {_runs.Folder.At("before.alloc")}"), StringComparison.Ordinal);
        Assert.Contains("grow", Gone($"{BuiltTool.Path} compare {_runs.Folder.At("before.alloc")} {_runs.Folder.At("after.alloc")}"), StringComparison.Ordinal);
    }

    private JsonElement Json(params string[] arguments)
    {
        using var document = JsonDocument.Parse(Tool(0, arguments).Output);
        return document.RootElement.Clone();
    }

    public sealed class TwoRuns : IDisposable
    {
        private const string Program = """
            KEPT = []
            def grow(count):
                for _ in range(count):
                    KEPT.append(bytearray(100_000))
                for _ in range(5):
                    bytearray(100_000)
            def main():
                return 0
            grow(10)
            main()
            __import__("time").sleep(0.1)
            """;

        public TwoRuns()
        {
            Record("before", "one", Program);
            Record("after", "two", Program.Replace("grow(10)", "grow(14)", StringComparison.Ordinal).Replace("    for _ in range(count)", "    count += 0\n    for _ in range(count)", StringComparison.Ordinal));
        }

        public TemporaryFolder Folder { get; } = new();

        public void Dispose() => Folder.Dispose();

        private void Record(string name, string folder, string program)
        {
            Directory.CreateDirectory(Folder.At(folder));
            var run = BuiltTool.Execute(BuiltTool.Path, ["run", "-q", "--python", Interpreters.Any.Executable, "-o", name + ".alloc", Folder.Write(folder + "/app.py", program)], folder: Folder.Path);
            Assert.True(run.ExitCode == 0, run.ToString());
        }
    }
}
