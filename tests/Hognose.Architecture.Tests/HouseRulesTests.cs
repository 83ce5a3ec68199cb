using System.Text.RegularExpressions;
using Hognose.Testing;

namespace Hognose.Architecture.Tests;

public partial class HouseRulesTests
{
    private const int LongestFile = 600;

    private static readonly string[] Everything = ["src", "tests", "tools", "bench"];

    private static readonly string[] Projects = ["src", "tests", "tools"];

    [Fact]
    public void Nobody_but_Cli_prints_or_exits() =>
        None(Find(PrintsOrExits(), file => !file.StartsWith("src/Hognose.Cli/", StringComparison.Ordinal)));

    /// <summary>
    /// Which reader serves which version is said in one table, which layout in another; everybody else asks them.
    /// Formats knows no Python: the versions there are those of our own files.
    /// </summary>
    [Fact]
    public void Only_the_tables_of_readers_and_layouts_compare_versions() =>
        None(Find(ComparesVersions(), file => !IsVersionTable(file) && !file.StartsWith("src/Hognose.Formats/", StringComparison.Ordinal)));

    [Fact]
    public void No_file_grows_beyond_what_can_be_read_top_to_bottom() =>
        None(Everything.SelectMany(SourceTree.SourceFiles)
            .Select(file => (File: SourceTree.Relative(file), Lines: File.ReadLines(file).Count()))
            .Where(each => each.Lines > LongestFile)
            .Select(each => $"{each.File} has {each.Lines} lines"));

    [Fact]
    public void Every_project_says_in_a_readme_what_it_knows() =>
        None(Projects.SelectMany(SourceTree.ProjectFiles)
            .Select(file => Path.GetDirectoryName(file)!)
            .Where(folder => !File.Exists(Path.Combine(folder, "README.md")))
            .Select(SourceTree.Relative));

    [Fact]
    public void No_file_is_named_after_nothing() =>
        None(Everything.SelectMany(SourceTree.SourceFiles).Select(SourceTree.Relative).Where(file => NamedAfterNothing().IsMatch(file)));

    [Fact]
    public void A_namespace_is_the_room_or_the_folder_in_it() =>
        None(SourceTree.SourceFiles("src").Where(file => !DeclaresItsFolder(file)).Select(SourceTree.Relative));

    [Fact]
    public void Every_project_stands_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "Hognose.slnx"));

        Assert.All(Projects.Take(2).SelectMany(SourceTree.ProjectFiles), project => Assert.Contains(SourceTree.Relative(project), solution, StringComparison.Ordinal));
    }

    // Assert.Empty would show but the first few.
    private static void None(IEnumerable<string> mistakes)
    {
        var all = mistakes.ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }

    private static bool IsVersionTable(string file) =>
        file.StartsWith("src/Hognose.CPython/", StringComparison.Ordinal) && VersionTable().IsMatch(Path.GetFileName(file));

    private static bool DeclaresItsFolder(string file)
    {
        var expected = Path.GetDirectoryName(SourceTree.Relative(file))!["src/".Length..].Replace('/', '.');
        // Attributes that the compiler looks up by name are declared in System, where it expects them.
        var declared = File.ReadLines(file).FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal));
        return declared is null || declared.StartsWith("namespace System", StringComparison.Ordinal) || declared == $"namespace {expected};" || declared == $"namespace {Room(file)};";
    }

    private static string Room(string file) => SourceTree.Relative(file).Split('/')[1];

    private static IEnumerable<string> Find(Regex mistake, Func<string, bool> isBound) =>
        from path in SourceTree.SourceFiles("src")
        let file = SourceTree.Relative(path)
        where isBound(file)
        from line in SourceTree.CodeLines(path)
        where mistake.IsMatch(line.Code)
        select $"{file}:{line.Number}: {line.Code.Trim()}";

    [GeneratedRegex(@"(?<!Spectre\.)\bConsole\.|\bEnvironment\.(Exit|FailFast)\b|\bAnsiConsole\.(Write|Markup|Console|Progress|Status|Live)")]
    private static partial Regex PrintsOrExits();

    [GeneratedRegex(@"\b(Py)?[vV]ersion(\.\w+)?\s*(>=|<=|<(?!\w+>)|>(?![\w(,;>)?]))\s*\S|\bMinor\s*(>=|<=|==|!=|<|>)\s*\d|(>=|<=|<|>)\s*new (Python)?Version\(|\bMinor:?\s+(is\s+)?(>=|<=|<|>)\s*\d")]
    private static partial Regex ComparesVersions();

    [GeneratedRegex("(Readers?|Layouts?|Version)(For|Table|Choice|Catalog|Shelf|Versions|Number)?\\.cs$")]
    private static partial Regex VersionTable();

    [GeneratedRegex("(Utils?|Helpers?|Manager|Common|Impl|Implementation)\\.cs$")]
    private static partial Regex NamedAfterNothing();
}
