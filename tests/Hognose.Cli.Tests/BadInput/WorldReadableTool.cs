using Hognose.Testing;

namespace Hognose.Cli.Tests.BadInput;

/// <summary>A copy of the built tool where every user can start it, wherever the checkout lies.</summary>
internal sealed class WorldReadableTool : IDisposable
{
    private const UnixFileMode ForAll =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly TemporaryFolder folder = new();

    public WorldReadableTool()
    {
        File.SetUnixFileMode(folder.Path, ForAll);
        foreach (var name in new[] { "hognose", "hognose_agent.so" })
        {
            File.Copy(Path.Combine(Path.GetDirectoryName(BuiltTool.Path)!, name), folder.At(name));
            File.SetUnixFileMode(folder.At(name), ForAll);
        }
    }

    public string Tool => folder.At("hognose");

    public void Dispose() => folder.Dispose();
}
