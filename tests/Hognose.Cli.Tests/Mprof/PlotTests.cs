using System.Text;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Mprof;

/// <summary><c>mprof plot</c>: every option, every kind of file, the terminal. What is in the pictures is tested in Hognose.Reports.Tests.</summary>
public class PlotTests
{
    private const string Folder = "tests/Hognose.Formats.Tests/Golden/mprof-0.61-";

    private static MprofRun WithTwo()
    {
        var mprof = new MprofRun { Python = Interpreters.Any };
        mprof.Write("mprofile_20250101000000.dat", File.ReadAllText(Path.Combine(Repository.Root, Folder + "children.dat")));
        mprof.Write("mprofile_20261122210056.dat", File.ReadAllText(Path.Combine(Repository.Root, Folder + "functions.dat")));
        return mprof;
    }

    [Theory]
    [InlineData("x.png", "\u0089PNG\r\n")]
    [InlineData("x.svg", "<?xml")]
    [InlineData("x.PDF", "%PDF-1.")]
    [InlineData("x.jpg", "\u00ff\u00d8\u00ff")]
    [InlineData("x.jpeg", "\u00ff\u00d8\u00ff")]
    [InlineData("x.webp", "RIFF")]
    [InlineData("x.html", "<!DOCTYPE html>")]
    [InlineData("x.htm", "<!DOCTYPE html>")]
    public void The_names_end_tells_the_kind_of_picture(string name, string beginning)
    {
        using var mprof = WithTwo();

        var run = mprof.Run("plot", "-o", name);

        Assert.Equal(new ToolRun(0, "Using last profile data.\n", ""), run);
        Assert.StartsWith(beginning, File.ReadAllText(mprof.At(name), Encoding.Latin1), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x.png")]
    [InlineData("x.svg", "--backend", "svg")]
    [InlineData("x.pdf", "--backend=pdf")]
    [InlineData("x.png", "--backend", "TkAgg")]
    public void A_name_without_an_end_gets_one(string written, params string[] options)
    {
        using var mprof = WithTwo();

        Assert.Equal(0, mprof.Run(["plot", "0", "--output", "x", .. options]).ExitCode);

        Assert.True(File.Exists(mprof.At(written)));
    }

    [Fact]
    public void Pictures_are_drawn_without_any_font_or_library_on_the_machine()
    {
        using var mprof = WithTwo();
        var folder = Path.GetDirectoryName(mprof.At("x"))!;
        // Nothing but the tool and libc's own: a namespace in which fonts and all else of /usr/share are gone.
        var run = BuiltTool.Execute("/usr/bin/unshare", ["-rm", "/bin/sh", "-c", $"mount -t tmpfs none /usr/share && cd '{folder}' && exec '{BuiltTool.Path}' mprof plot -o x.svg 1"]);
        if (run.Errors.Contains("unshare", StringComparison.Ordinal) || run.Errors.Contains("mount", StringComparison.Ordinal))
            Assert.Skip("no mount namespace of one's own here: " + run.Errors);

        Assert.Equal(new ToolRun(0, "", ""), run);
        var picture = File.ReadAllText(mprof.At("x.svg"));
        Assert.Equal(0, mprof.Run("plot", "-o", "y.svg", "1").ExitCode);
        Assert.Equal(File.ReadAllText(mprof.At("y.svg")), picture);
    }

    [Theory]
    [InlineData("/usr/bin/python3 s.py", "peak 55.4 MiB at 0.62 s", "1")]
    [InlineData("inner: 0.331 s in 2 calls", "outer: 0.746 s", "1")]
    [InlineData("my title", "outer: 0.746 s", "-t", "my title", "1")]
    [InlineData("my title", "outer: 0.746 s", "--title=my title", "-f", "1")]
    [InlineData("slope 30.80248 MiB/s", "outer: 0.746 s", "-s", "-1")]
    [InlineData("slope 30.80248 MiB/s", "outer: 0.746 s", "-fs", "-1")]
    [InlineData("peak 32.5 MiB at 0.21 s", "0.22", "-w", "0.2,0.5", "1")]
    [InlineData("peak 32.5 MiB at 0.21 s", "0", "--window", "-1,0.5", "1")]
    [InlineData("mprofile_20250101000000.dat", "mprofile_20261122210056.dat", "0", "1")]
    [InlineData("child 17390", "child 17391", "0", "--no-function-ts")]
    public void An_option_is_seen_in_the_picture(string words, string others, params string[] arguments)
    {
        using var mprof = WithTwo();

        var run = mprof.Run(["plot", "-o", "x.svg", .. arguments]);

        Assert.Equal(new ToolRun(0, "", ""), run);
        var lines = File.ReadAllLines(mprof.At("x.svg")).Select(line => line.Trim()).ToList();
        Assert.Contains(words, lines);
        Assert.Contains(others, lines);
    }

    [Theory]
    [InlineData("-n", "1")]
    [InlineData("--no-function-ts", "1", "-f")]
    [InlineData("0", "1")]
    public void Without_functions_no_function_is_seen(params string[] arguments)
    {
        using var mprof = WithTwo();

        mprof.Run(["plot", "-o", "x.svg", .. arguments]);

        Assert.DoesNotContain("outer", File.ReadAllText(mprof.At("x.svg")), StringComparison.Ordinal);
        Assert.DoesNotContain("peak", File.ReadAllText(mprof.At("x.svg")), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_output_it_is_drawn_here()
    {
        using var mprof = WithTwo();

        var run = mprof.Run("plot", "1", "--slope");

        Assert.Equal(new ToolRun(0, File.ReadAllText(Path.Combine(Repository.Root, "tests/Hognose.Reports.Tests/Golden/profile-functions-100.txt")), ""), run);
    }

    [Fact]
    public void Several_are_drawn_one_beneath_the_other()
    {
        using var mprof = WithTwo();

        var run = mprof.Run("plot", "0", "1");

        Assert.Matches("(?s)pool.py.*12.7 MiB.*s.py.*55.4 MiB", run.Output);
    }

    [Theory]
    [InlineData("'.eps' is no kind of picture that can be written", "-o", "x.eps")]
    [InlineData("'bin' is a folder", "bin")]
    [InlineData("cannot write a picture to 'bin', which is a folder", "-o", "bin")]
    [InlineData("cannot write the picture to '/no/x.png': there is no such folder", "-o", "/no/x.png")]
    [InlineData("cannot write the picture to '/dev/full/x.png'", "-o", "/dev/full/x.png")]
    [InlineData("'1' is no window of time", "-w", "1")]
    [InlineData("'1,2,3' is no window of time", "-w", "1,2,3")]
    [InlineData("'2,1' is no window of time", "-w", "2,1")]
    [InlineData("'a,b' is no window of time", "-w", "a,b")]
    [InlineData("'nan,1' is no window of time", "-w", "nan,1")]
    [InlineData("no file 'none.dat'", "none.dat")]
    [InlineData("no profile number 2 (there are 2 in this directory)", "2")]
    [InlineData("'bad.dat' is not a profile of mprof, or is damaged (line 1: MEM takes two numbers)", "bad.dat")]
    [InlineData("'empty.dat' holds no memory samples", "empty.dat")]
    [InlineData("'random.dat' holds no memory samples", "random.dat")]
    [InlineData("no option '--bogus'", "--bogus")]
    public void Bad_input_is_one_line(string problem, params string[] arguments)
    {
        using var mprof = WithTwo();
        mprof.Write("bad.dat", "MEM 1\n");
        mprof.Write("empty.dat", "");
        var bytes = new byte[100_000];
        new Random(1).NextBytes(bytes);
        File.WriteAllBytes(mprof.At("random.dat"), bytes);

        var run = mprof.Run(["plot", .. arguments]);

        Assert.Equal(2, run.ExitCode);
        Assert.Matches("^hognose: [^\n]+: [^\n]+\n$", run.Errors);
        Assert.StartsWith("hognose: " + problem, run.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(mprof.At("x"))!, "x*"));
    }

    [Fact]
    public void Without_any_profile_the_status_is_mprofs()
    {
        using var mprof = new MprofRun { Python = Interpreters.Any };

        Assert.Equal(255, mprof.Run("plot").ExitCode);
    }
}
