using Hognose.Testing;

namespace Hognose.Cli.Tests.Behaviour;

/// <summary>The Python programs beside these tests.</summary>
internal static class ProgramFiles
{
    private static string Folder { get; } = Path.Combine(Repository.Root, "tests", "Hognose.Cli.Tests", "Programs");

    public static string State => At("state.py");

    public static IEnumerable<string> Lives => Directory.GetFiles(Path.Combine(Folder, "Lives"), "*.py").Order(StringComparer.Ordinal);

    public static string At(string name) => Path.Combine(Folder, name);
}
