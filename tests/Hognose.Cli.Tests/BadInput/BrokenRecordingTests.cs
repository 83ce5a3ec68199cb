using Hognose.Testing;

namespace Hognose.Cli.Tests.BadInput;

/// <summary>Files that are not, or no longer, whole recordings.</summary>
public class BrokenRecordingTests
{
    [Fact]
    public void An_empty_file_is_refused()
    {
        using var folder = new TemporaryFolder();

        BadInputTests.MustBeOneLine(BuiltTool.Run("show", folder.Write("empty.alloc", "")), "empty.alloc");
    }

    [Fact]
    public void Random_bytes_are_refused()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(7);
        foreach (var length in (int[])[1, 4, 16, 64, 1000, 100_000])
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            File.WriteAllBytes(folder.At("random.alloc"), bytes);

            BadInputTests.MustBeOneLine(BuiltTool.Run("show", folder.At("random.alloc")), "random.alloc");
        }
    }

    [Fact]
    public void A_truncated_recording_shows_what_is_whole_or_is_refused_wherever_it_was_cut()
    {
        using var folder = new TemporaryFolder();
        var whole = Record(folder);
        var random = new Random(11);
        foreach (var length in Enumerable.Range(0, 20).Select(_ => random.Next(whole.Length)).Append(whole.Length - 1))
        {
            File.WriteAllBytes(folder.At("cut.alloc"), whole[..length]);

            var shown = BuiltTool.Run("show", folder.At("cut.alloc"));
            if (shown.ExitCode == 0)
                Assert.Contains("the file ends", shown.Output, StringComparison.Ordinal);
            else
                BadInputTests.MustBeOneLine(shown, "cut.alloc");
        }
    }

    [Fact]
    public void A_damaged_recording_is_refused()
    {
        using var folder = new TemporaryFolder();
        var whole = Record(folder);
        var random = new Random(13);
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(folder.At("damaged.alloc"), damaged);

            BadInputTests.MustBeOneLine(BuiltTool.Run("show", folder.At("damaged.alloc")), "damaged.alloc");
        }
    }

    private static byte[] Record(TemporaryFolder folder)
    {
        var run = BuiltTool.Run("run", "-q", "--python", Interpreters.Any.Executable, "-o", folder.At("whole.alloc"), "-c", "kept = [str(i) for i in range(1000)]");
        Assert.True(run.ExitCode == 0, run.ToString());
        return File.ReadAllBytes(folder.At("whole.alloc"));
    }
}
