using System.Diagnostics;
using Hognose.Targets.Elf;
using Hognose.Targets.Memory;
using Hognose.Targets.Native;
using Hognose.Targets.Processes;
using Hognose.Testing;

namespace Hognose.Targets.Tests.Native;

/// <summary>What stands at a path that another chose is opened only when it is a file of bytes.</summary>
public sealed class RegularFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_pipe_keeps_nobody_waiting_and_no_device_is_opened()
    {
        var pipe = MakePipe("pipe");
        foreach (var path in (string[])[pipe, "/dev/zero", "/dev/null", "/dev/tty", _folder.Path, _folder.At("nothing")])
            Assert.True(RegularFile.Open(path, LibC.OpenReadOnly) < 0, path);

        var file = _folder.At("file");
        File.WriteAllText(file, "bytes");
        var descriptor = RegularFile.Open(file, LibC.OpenReadOnly);
        Assert.True(descriptor >= 0);
        Assert.True(RegularFile.TryGetStatus(descriptor, out var status));
        Assert.Equal((5, 1UL), (status.Length, status.Links));
        Assert.Equal(0, LibC.close(descriptor));
    }

    [Fact]
    public void A_pipe_in_place_of_a_mapped_file_keeps_nobody_waiting()
    {
        var pipe = MakePipe("mapped");
        using var program = TargetProgram.StartText(Interpreters.Any, "import sys; print('ready', flush=True); sys.stdin.readline()");
        // Of no mapping that is there, so that the file has to be found by its path.
        var mapping = new Mapping(new TargetAddress(1 << 20), new TargetAddress(2 << 20), MappingAccess.Read, 0, "00:01", 7, pipe, IsDeleted: false);
        Assert.False(MappedFile.TryOpen(TargetProcess.Open(program.Pid), Assert.Single(LoadedImage.Find([mapping])), out _));
    }

    private string MakePipe(string name)
    {
        using var made = Process.Start("mkfifo", [_folder.At(name)]);
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
        return _folder.At(name);
    }
}
