using System.Text;
using CsCheck;
using Hognose.Diagnostics;
using Hognose.Formats.Mprof;
using Hognose.Testing;

namespace Hognose.Formats.Tests.Mprof;

public class MprofReaderTests
{
    private const string Golden = "tests/Hognose.Formats.Tests/Golden/";

    [Fact]
    public void A_profile_of_memory_profiler_with_functions_is_read()
    {
        var profile = ReadGolden("mprof-0.61-functions.dat");

        Assert.Equal("/usr/bin/python3 s.py", profile.CommandLine);
        Assert.Equal(10, profile.Samples.Count);
        Assert.Equal(new MemorySample(0.078125, 1795381256.4256), profile.Samples[0]);
        Assert.Equal(["__main__.inner", "__main__.inner", "__main__.outer"], profile.Calls.Select(call => call.Function));
        Assert.Equal([1, 1, 0], profile.Calls.Select(call => call.Level!.Value));
        Assert.Equal((new MemorySample(32.4688, 1795381256.9754), new MemorySample(55.3594, 1795381257.1480)), (profile.Calls[1].Start, profile.Calls[1].End));
        Assert.Equal((0, 0), (profile.Children.Count, profile.CutOffLine));
    }

    [Fact]
    public void A_profile_of_memory_profiler_with_children_is_read()
    {
        var profile = ReadGolden("mprof-0.61-children.dat");

        Assert.Equal([17390, 17391], profile.Children.Select(child => child.ProcessId));
        Assert.Equal([20.320312, 20.320312, 20.320312, 10.847656], profile.Children[0].Samples.Select(sample => sample.MebiBytes));
    }

    [Fact]
    public void What_is_written_is_what_memory_profiler_writes()
    {
        var profile = ReadGolden("mprof-0.61-children.dat");
        var file = File.ReadAllText(Path.Combine(Repository.Root, Golden + "mprof-0.61-children.dat"));

        var lines = new StringBuilder(MprofLines.CommandLine(profile.CommandLine!));
        foreach (var sample in profile.Samples)
            lines.Append(MprofLines.Memory(sample));
        foreach (var child in profile.Children)
            foreach (var sample in child.Samples)
                lines.Append(MprofLines.Child(child.ProcessId, sample));

        Assert.Equal(file.Split('\n').Order(), lines.ToString().Split('\n').Order());
    }

    [Fact]
    public void Samples_survive_the_way_through_the_file() =>
        Gen.Select(Gen.Long[0, 1L << 35], Gen.Long[0, 40_000_000_000_000]).Array[1, 30].Sample(all =>
        {
            var samples = all.Select(each => new MemorySample(each.Item1 / 1024.0, each.Item2 / 10_000.0)).ToList();
            var read = Read(string.Concat(samples.Select(MprofLines.Memory))).Samples;
            // The kernel counts in KiB or pages; six decimals of a MiB tell KiB apart.
            Assert.Equal(samples.Select(each => (Math.Round(each.MebiBytes * 1024), each.Time)), read.Select(each => (Math.Round(each.MebiBytes * 1024), each.Time)));
        });

    [Fact]
    public void Words_are_joined_as_mprof_joins_them() =>
        Assert.Equal("a 'b c' 'd\te' it's", MprofLines.Joined(["a", "b c", "d\te", "it's"]));

    [Fact]
    public void A_line_break_in_the_command_line_makes_no_record() =>
        Assert.Equal("CMDLINE a  MEM 1 2\n", MprofLines.CommandLine("a\r\nMEM 1 2"));

    [Fact]
    public void Blocks_with_blanks_old_files_without_level_and_unknown_records_are_read()
    {
        var profile = Read("WHAT is this\nMEM 1 5\nFUNC .load the rows 1.5 2.0 2.5 3.0 2\nFUNC old.f 1.5 2.0 2.5 3.0\nMEM -1 6\r\n");

        Assert.Equal([(".load the rows", 2), ("old.f", null)], profile.Calls.Select(call => (call.Function, call.Level)));
        Assert.Single(profile.Samples);
        Assert.Null(profile.CommandLine);
    }

    [Fact]
    public void Cut_anywhere_a_file_says_in_which_line_or_that_it_holds_nothing()
    {
        var whole = File.ReadAllText(Path.Combine(Repository.Root, Golden + "mprof-0.61-functions.dat"));
        var samples = 0;
        for (var length = 0; length < whole.Length; length++)
        {
            var cut = whole[..length];
            var lines = cut.Count(one => one == '\n');
            samples = cut.Split('\n')[..^1].Count(line => line.StartsWith("MEM ", StringComparison.Ordinal));
            if (samples == 0)
            {
                Assert.Contains("no memory samples", Assert.Throws<CannotContinueException>(() => Read(cut)).Message, StringComparison.Ordinal);
                continue;
            }
            var profile = Read(cut);
            Assert.Equal((samples, cut.EndsWith('\n') ? 0 : lines + 1), (profile.Samples.Count, profile.CutOffLine));
        }
        Assert.Equal(9, samples);
    }

    [Theory]
    [InlineData("MEM nan 5", "'nan' is not an amount of memory")]
    [InlineData("MEM inf 5", "'inf' is not an amount of memory")]
    [InlineData("MEM 1e300 5", "'1e300' is not an amount of memory")]
    [InlineData("MEM -2 5", "'-2' is not an amount of memory")]
    [InlineData("MEM 1 1e18", "'1e18' is not a time")]
    [InlineData("MEM 1", "MEM takes two numbers")]
    [InlineData("MEM", "MEM takes two numbers")]
    [InlineData("MEM 1 2 3", "MEM takes two numbers")]
    [InlineData("CHLD 7 1", "CHLD takes a process id and two numbers")]
    [InlineData("CHLD 99999999999 1 2", "CHLD takes a process id and two numbers")]
    [InlineData("CHLD x 1 2", "CHLD takes a process id and two numbers")]
    [InlineData("FUNC f 1 2 3", "FUNC takes a name and four or five numbers")]
    [InlineData("FUNC f 1 2 3 x 0", "'x' is not a time")]
    [InlineData("FUNC f 1 5 3 4 0", "the function ends before it begins")]
    public void A_damaged_line_is_named(string line, string what)
    {
        var trouble = Assert.Throws<CannotContinueException>(() => Read($"MEM 1 2\n{line}\n"));

        Assert.StartsWith($"'x.dat' is not a profile of mprof, or is damaged (line 2: {what}", trouble.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_bytes_are_read_or_refused_in_one_line() =>
        Gen.Byte.Array[0, 300].Sample(bytes =>
        {
            try
            {
                MprofReader.Read(new MemoryStream([.. "MEM 1 2\nFUNC "u8, .. bytes]), "x.dat");
            }
            catch (CannotContinueException refused)
            {
                Assert.DoesNotContain('\n', refused.Message);
            }
        });

    [Fact]
    public void A_line_without_end_costs_no_memory_without_end()
    {
        var trouble = Assert.Throws<CannotContinueException>(() => MprofReader.Read(new FileStream("/dev/zero", FileMode.Open, FileAccess.Read), "x.dat"));

        Assert.Contains("line 1 is longer than 1048576 characters", trouble.Message, StringComparison.Ordinal);
    }

    private static MprofProfile ReadGolden(string name)
    {
        using var file = File.OpenRead(Path.Combine(Repository.Root, Golden + name));
        return MprofReader.Read(file, name);
    }

    private static MprofProfile Read(string text) => MprofReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "x.dat");
}
