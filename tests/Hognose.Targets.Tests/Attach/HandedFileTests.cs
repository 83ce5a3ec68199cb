using System.Globalization;
using Hognose.Diagnostics;
using Hognose.Targets.Attach;
using Hognose.Targets.Launch;
using Hognose.Targets.Processes;
using Hognose.Testing;

namespace Hognose.Targets.Tests.Attach;

/// <summary>A program that puts another file in the place of the one that it made for us gets nobody's file written.</summary>
public sealed class HandedFileTests : IDisposable
{
    private const string Name = "hognose";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(true), InlineData(false)]
    public unsafe void The_file_that_was_made_is_shared(bool opensOnly)
    {
        using var program = Start("import os, sys; made = os.memfd_create('hognose')", "print(os.pread(made, 5, 0).decode())");
        var own = HandedFile.Take(TargetProcess.Open(program.Pid), int.Parse(program.Truth, CultureInfo.InvariantCulture), Name, opensOnly);
        using (var region = SharedMemoryFile.Of(own, 1 << 20))
            "whole"u8.CopyTo(new Span<byte>(region.Start, 5));
        Assert.Equal((0, "whole\n", ""), program.Finish());
    }

    [Theory]
    [InlineData("made = os.open(sys.argv[1], os.O_RDONLY)")]
    [InlineData("os.mkfifo('pipe'); made = os.open('pipe', os.O_RDWR)")]
    [InlineData("made = os.memfd_create('another')")]
    [InlineData("made = os.open('/dev/null', os.O_RDWR)")]
    [InlineData("made = 999")]
    public void Whatever_stands_in_its_place_is_refused_and_stays_as_it_was(string making)
    {
        var victim = _folder.At("victim");
        File.WriteAllText(victim, "mine");
        foreach (var opensOnly in (bool[])[false, true])
        {
            using var program = Start("import os, sys; os.chdir(os.path.dirname(sys.argv[1])); " + making, "", victim);
            var refused = Assert.Throws<CannotContinueException>(() => HandedFile.Take(TargetProcess.Open(program.Pid), int.Parse(program.Truth, CultureInfo.InvariantCulture), Name, opensOnly));
            Assert.Contains("was not to be had", refused.Message, StringComparison.Ordinal);
            Assert.Equal("mine", File.ReadAllText(victim));
            File.Delete(_folder.At("pipe"));
        }
    }

    [Fact]
    public void A_descriptor_that_may_only_be_read_is_not_written_through_us()
    {
        // A file in memory of the right name which the program may not write: somebody else's, handed down.
        using var program = Start("import os, sys; first = os.memfd_create('hognose'); made = os.open(f'/proc/self/fd/{first}', os.O_RDONLY)", "print(os.fstat(made).st_size)");
        var own = HandedFile.Take(TargetProcess.Open(program.Pid), int.Parse(program.Truth, CultureInfo.InvariantCulture), Name);
        Assert.Throws<CannotContinueException>(() => SharedMemoryFile.Of(own, 1 << 20));
        Assert.Equal((0, "0\n", ""), program.Finish());
    }

    private static TargetProgram Start(string before, string after, params string[] arguments) =>
        TargetProgram.StartText(Interpreters.Any, before + "; print(made); print('ready', flush=True); sys.stdin.readline(); " + after, arguments);
}
