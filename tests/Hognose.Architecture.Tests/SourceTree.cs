using System.Xml.Linq;
using Hognose.Testing;

namespace Hognose.Architecture.Tests;

/// <summary>The checkout as these tests see it.</summary>
internal static class SourceTree
{
    public static IEnumerable<string> ProjectFiles(string folder) =>
        Directory.Exists(At(folder)) ? Directory.EnumerateFiles(At(folder), "*.csproj", SearchOption.AllDirectories).Where(IsOurs) : [];

    public static IEnumerable<string> SourceFiles(string folder) =>
        Directory.Exists(At(folder)) ? Directory.EnumerateFiles(At(folder), "*.cs", SearchOption.AllDirectories).Where(IsOurs) : [];

    /// <summary>"Hognose.Heap" of ".../src/Hognose.Heap/Hognose.Heap.csproj".</summary>
    public static IReadOnlyList<string> ReferencesOf(string projectFile) =>
        [.. XDocument.Load(projectFile).Descendants("ProjectReference").Select(each => Path.GetFileNameWithoutExtension(each.Attribute("Include")!.Value.Replace('\\', '/')))];

    public static string Relative(string path) => Path.GetRelativePath(Repository.Root, path);

    /// <summary>The lines of a file with a comment's text and string literals' content gone, numbered from 1.</summary>
    public static IEnumerable<(int Number, string Code)> CodeLines(string path) =>
        File.ReadLines(path).Select((line, index) => (index + 1, CodeText.Of(line)));

    private static string At(string folder) => Path.Combine(Repository.Root, folder);

    private static bool IsOurs(string path) => !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal);
}
