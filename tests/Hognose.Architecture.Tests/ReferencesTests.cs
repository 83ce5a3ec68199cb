using Hognose.Testing;

namespace Hognose.Architecture.Tests;

/// <summary>Data goes down the picture of docs/architecture.md, never back up. Who needs a new arrow draws it there first.</summary>
public class ReferencesTests
{
    private static readonly Dictionary<string, string[]> Picture = new()
    {
        ["Hognose.Diagnostics"] = [],
        ["Hognose.Columns"] = [],
        ["Hognose.Formats"] = ["Columns", "Diagnostics"],
        ["Hognose.Agent"] = ["Formats"],
        ["Hognose.Extension"] = ["Agent"],
        ["Hognose.Targets"] = ["Diagnostics"],
        ["Hognose.Heap"] = ["Columns", "Diagnostics"],
        ["Hognose.CPython"] = ["Diagnostics", "Formats", "Targets", "Heap", "CPython.LayoutGenerator"],
        ["Hognose.CPython.LayoutGenerator"] = [],
        ["Hognose.Recording"] = ["Columns", "Diagnostics", "Formats"],
        ["Hognose.Insights"] = ["Diagnostics", "Formats", "Heap", "Recording"],
        ["Hognose.Reports"] = ["Diagnostics", "Formats", "Heap", "Recording", "Insights"],
        ["Hognose.Cli"] = ["Diagnostics", "Formats", "Targets", "CPython", "Heap", "Recording", "Insights", "Reports"],
    };

    public static TheoryData<string> Rooms => [.. SourceTree.ProjectFiles("src").Select(Path.GetFileNameWithoutExtension).OfType<string>().Order(StringComparer.Ordinal)];

    [Fact]
    public void Every_room_stands_in_the_picture() =>
        Assert.Equal(Picture.Keys.Order(StringComparer.Ordinal), Rooms.Select(row => row.Data));

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_refers_only_to_what_lies_below_it(string room)
    {
        var project = Path.Combine(Repository.Root, "src", room, room + ".csproj");

        var upwards = SourceTree.ReferencesOf(project).Except(Picture[room].Select(below => "Hognose." + below));

        Assert.Empty(upwards);
    }

    [Fact]
    public void No_room_refers_to_a_test_project_or_a_tool() =>
        Assert.All(SourceTree.ProjectFiles("src"), project =>
            Assert.All(SourceTree.ReferencesOf(project), reference => Assert.Contains(reference, Picture.Keys)));
}
