using Hognose.Testing;

namespace Hognose.Cli.Tests.BadInput;

/// <summary>A tmpfs of a few pages; needs root.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    public static SmallDisk Mount(string path, string size)
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can mount a small disk");
        Directory.CreateDirectory(path);
        var mounted = BuiltTool.Execute("/bin/mount", ["-t", "tmpfs", "-o", $"size={size}", "none", path]);
        Assert.SkipUnless(mounted.ExitCode == 0, $"a small disk cannot be mounted here: {mounted.Errors}");
        return new SmallDisk(path);
    }

    public void Dispose() => BuiltTool.Execute("/bin/umount", [Path]);
}
