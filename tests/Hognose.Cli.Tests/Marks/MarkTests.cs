using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Hognose.Cli.Tests.Births;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Marks;

/// <summary><c>hognose mark</c>: what a recording knows of moments that were given a name.</summary>
public sealed class MarkTests
{
    /// <summary>
    /// Each line on stdin makes it keep so many pages more. A page is two blocks, made on two lines: an object with slots, and what its slot holds. It ends with stdin.
    /// </summary>
    private const string Program = """
        import os, sys
        class Page:
            __slots__ = ("text",)
        PAGES = [None] * 100_000
        kept = 0
        def text():
            return bytes(1000)
        def page():
            made = Page()
            made.text = text()
            return made
        print(os.getpid(), flush=True)
        for line in sys.stdin:
            for _ in range(int(line)):
                PAGES[kept] = page()
                kept += 1
            print("kept", kept, flush=True)
        """;

    /// <summary>Calls after which a function has its caches (3.8 to 3.10: at its 1024th call), which are blocks of its lines, too.</summary>
    private const int ForCaches = 1500;

    [Theory, ClassData(typeof(AllInterpreters))]
    public void What_comes_between_marks_is_told_exactly(string name)
    {
        using var folder = new TemporaryFolder();
        using var program = Recorded(name, folder);
        program.Keep(ForCaches);
        program.Mark("warmed up");
        program.Keep(2000);
        program.Mark("full");
        program.Keep(30);
        program.End();

        Assert.Equal((2000, 2000), BlocksOf(folder, "--since", "warmed up", "--until", "full"));
        Assert.Equal((2030, 2030), BlocksOf(folder, "growth", "--since", "warmed up"));
        Assert.Equal((30, 30), BlocksOf(folder, "--since", "full"));
        var (before, after) = (BlocksOf(folder, "--at", "warmed up"), BlocksOf(folder, "--at", "full"));
        Assert.Equal((2000, 2000), (after.Pages - before.Pages, after.Texts - before.Texts));
        var marks = ToolJson.Of("show", folder.At("x.alloc"), "--json").GetProperty("marks").EnumerateArray().ToList();
        Assert.Equal(["warmed up", "full"], marks.Select(mark => mark.GetProperty("name").GetString()));
        Assert.True(marks[0].GetProperty("at_seconds").GetDouble() < marks[1].GetProperty("at_seconds").GetDouble());
    }

    [Theory, ClassData(typeof(SpreadInterpreters))]
    public void A_mark_with_objects_says_what_each_line_s_memory_is(string name)
    {
        using var folder = new TemporaryFolder();
        using var program = Recorded(name, folder);
        program.Keep(500);
        var run = BuiltTool.Run("mark", program.Pid, "half way", "--objects", "-o", folder.At("half.heap"));
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains($"hognose heap {folder.At("half.heap")} --by site", run.Errors, StringComparison.Ordinal);
        program.Keep(500);
        program.End();

        AssertSites(ToolJson.Of("heap", folder.At("half.heap"), "--by", "site", "--json"), 500);
        Assert.Equal((500, "page", 500), BirthsOf.Type(folder.At("half.heap"), "Page"));
        var shown = BuiltTool.Run("heap", folder.At("half.heap"), "--by", "site", "--type", "__main__.Page");
        Assert.Contains("= 500 __main__.Page ", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_running_heap_is_told_by_site_while_it_is_recorded()
    {
        using var folder = new TemporaryFolder();
        using var program = Recorded("3.12", folder);
        program.Keep(300);
        AssertSites(ToolJson.Of("heap", program.Pid, "--by", "site", "--json"), 300);
        program.End();
        using var other = TargetProgram.StartText(Interpreters.Find("3.12"), "import sys; print('ready', flush=True); sys.stdin.read()");
        AssertRefused(BuiltTool.Run("heap", Text(other.Pid), "--by", "site"), "does not say where objects were allocated");
    }

    [Theory]
    [InlineData("--sample=1k")]
    [InlineData("--aggregate")]
    public void Other_kinds_of_recordings_have_marks_too(string option)
    {
        using var folder = new TemporaryFolder();
        using var program = Recorded("3.11", folder, option);
        program.Mark("one");
        program.Keep(1000);
        program.Mark("");
        program.End();
        var recording = ToolJson.Of("show", folder.At("x.alloc"), "--json");
        Assert.Equal(["one", "mark 2"], recording.GetProperty("marks").EnumerateArray().Select(mark => mark.GetProperty("name").GetString()));
        var part = BuiltTool.Run("show", folder.At("x.alloc"), "--since", "one", "--json");
        Assert.Equal(option == "--aggregate" ? 2 : 0, part.ExitCode);
    }

    [Fact]
    public void Of_several_of_one_name_the_last_counts_and_a_number_chooses()
    {
        using var folder = new TemporaryFolder();
        using var program = Recorded("3.13", folder);
        program.Keep(ForCaches);
        foreach (var pages in (int[])[10, 200, 3000])
        {
            program.Mark("turn");
            program.Keep(pages);
        }
        program.End();
        Assert.Equal((3000, 3000), BlocksOf(folder, "--since", "turn"));
        Assert.Equal((200, 200), BlocksOf(folder, "--since", "turn#2", "--until", "turn#3"));
        Assert.Equal((10, 10), BlocksOf(folder, "--since", "turn#1", "--until", "turn#2"));
        Assert.Equal(BlocksOf(folder, "--at", "turn#3"), BlocksOf(folder, "--at", "turn"));
    }

    /// <summary>What was written before hognose was killed has its marks.</summary>
    [Fact]
    public void A_recording_without_an_end_has_its_marks()
    {
        using var folder = new TemporaryFolder();
        using var program = Recorded("3.11", folder);
        program.Keep(ForCaches);
        program.Mark("before");
        program.Keep(70);
        WaitUntil(() => BuiltTool.Run("show", folder.At("x.alloc"), "--since", "before").ExitCode == 0 && BlocksOf(folder, "--since", "before") == (70, 70));
        program.Kill();
        Assert.Equal((70, 70), BlocksOf(folder, "--since", "before"));
    }

    [Fact]
    public void What_cannot_be_is_said_in_one_line()
    {
        using var folder = new TemporaryFolder();
        using var program = Recorded("3.11", folder);
        AssertRefused(BuiltTool.Run("mark", program.Pid, "2.5s"), "'2.5s' as a mark would be read as a time");
        AssertRefused(BuiltTool.Run("mark", program.Pid, ""), "'' is no name for a mark");
        AssertRefused(BuiltTool.Run("mark", program.Pid, "two\nlines"), "is no name for a mark");
        AssertRefused(BuiltTool.Run("mark", program.Pid, new string('x', 101)), "is no name for a mark: give 1 to 100 letters");
        AssertRefused(BuiltTool.Run("mark", program.Pid, "here", "-o", folder.At("x.heap")), "give --objects, too");
        AssertRefused(BuiltTool.Run("mark", "0"), "'0' is no pid");
        AssertRefused(BuiltTool.Run("mark", Text(Environment.ProcessId)), "is not being recorded: 'hognose attach ");
        program.Mark("here");
        program.End();
        AssertRefused(BuiltTool.Run("show", folder.At("x.alloc"), "--since", "there"), "'there' is no moment for --since, and no mark of the recording: it has 'here'");
        AssertRefused(BuiltTool.Run("show", folder.At("x.alloc"), "--at", "here#2"), "'here#2' is no moment for --at");
    }

    private static void AssertRefused(ToolRun run, string words)
    {
        Assert.True(run.ExitCode == 2, run.ToString());
        Assert.Contains(words, run.Errors, StringComparison.Ordinal);
        Assert.Equal(1, run.Errors.Count(letter => letter == '\n'));
    }

    private static void AssertSites(JsonElement heap, int pages)
    {
        var groups = heap.GetProperty("groups").EnumerateArray().Where(group => group.TryGetProperty("site", out _)).ToList();
        foreach (var (function, type) in (ReadOnlySpan<(string, string)>)[("page", "__main__.Page"), ("text", "bytes")])
        {
            var site = groups.Single(group => group.GetProperty("site").GetProperty("function").GetString() == function);
            var told = site.GetProperty("types").EnumerateArray().Single();
            Assert.Equal((type, pages), (told.GetProperty("name").GetString(), told.GetProperty("objects").GetInt32()));
        }
        Assert.Equal(
            heap.GetProperty("totals").GetProperty("objects").GetInt64(), heap.GetProperty("groups").EnumerateArray().Sum(group => group.GetProperty("objects").GetInt64()));
    }

    /// <summary>Blocks of the two lines that make a page that are held at the end of a part. "Growth" is the same view of a part that begins with a mark.</summary>
    private static (long Pages, long Texts) BlocksOf(TemporaryFolder folder, params string[] part)
    {
        var sites = ToolJson.Of(["show", folder.At("x.alloc"), "--json", "--sites", "100000", "--view", part.Contains("growth") ? "growth" : "leaks", .. part.Except(["growth"])]).GetProperty("view").GetProperty("sites").EnumerateArray().ToList();
        return (Blocks("page"), Blocks("text"));

        long Blocks(string function) => sites.Where(site => site.GetProperty("function").GetString() == function).Sum(site => site.GetProperty("blocks").GetInt64());
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void WaitUntil(Func<bool> isSo)
    {
        for (var start = Stopwatch.GetTimestamp(); !isSo(); Thread.Sleep(50))
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30));
    }

    private static RecordedProgram Recorded(string name, TemporaryFolder folder, params string[] options) => new(
        BuiltTool.Start(["run", "-q", "-o", folder.At("x.alloc"), .. options, "--python", Interpreters.Find(name).Executable, "-c", Program]));

    private sealed class RecordedProgram : IDisposable
    {
        private readonly Process _tool;

        public RecordedProgram(Process tool)
        {
            _tool = tool;
            Pid = tool.StandardOutput.ReadLine()!;
        }

        public string Pid { get; }

        public void Keep(int pages)
        {
            _tool.StandardInput.WriteLine(pages);
            _tool.StandardInput.Flush();
            Assert.StartsWith("kept ", _tool.StandardOutput.ReadLine(), StringComparison.Ordinal);
        }

        /// <param name="name">Empty: none is given.</param>
        public void Mark(string name)
        {
            var run = BuiltTool.Run(name.Length > 0 ? ["mark", Pid, name] : ["mark", Pid]);
            Assert.True(run.ExitCode == 0, run.ToString());
            Assert.StartsWith($"hognose: marked '{(name.Length > 0 ? name : "mark ")}", run.Errors, StringComparison.Ordinal);
        }

        public void End()
        {
            _tool.StandardInput.Close();
            Assert.Equal("", _tool.StandardOutput.ReadToEnd());
            Assert.True(_tool.WaitForExit(TimeSpan.FromMinutes(1)));
            Assert.Equal(0, _tool.ExitCode);
        }

        public void Kill()
        {
            _tool.Kill();
            _tool.WaitForExit();
        }

        public void Dispose() => _tool.Dispose();
    }
}
