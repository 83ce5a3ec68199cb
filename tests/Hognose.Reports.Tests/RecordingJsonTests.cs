using System.Text.Json;
using Hognose.Insights.Allocations;
using Hognose.Reports.Json;
using Hognose.Testing;
using Hognose.Testing.Recordings;

namespace Hognose.Reports.Tests;

public class RecordingJsonTests
{
    [Fact]
    public void Its_names_and_values_stay() =>
        Golden.Matches("tests/Hognose.Reports.Tests/Golden/small.json", Text(new RecordingSketch()
            .Held("<module> /srv/app.py:4 > größe /srv/app.py:2", 3000, 3, 1000, 1).Held("", 8, 1).Moment(0, 0, 9).Moment(0.5, 0.01, -1).Finish()));

    [Fact]
    public void It_parses_also_when_nothing_was_recorded()
    {
        using var document = JsonDocument.Parse(Text(new RecordingSketch().Finish(facts => facts with { PythonVersion = "" })));
        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("program").GetProperty("python_version").ValueKind);
        Assert.Equal(0, document.RootElement.GetProperty("high_water_mark").GetProperty("sites").GetArrayLength());
    }

    [Fact]
    public void Every_name_is_explained_in_the_documentation()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs/formats/show-json.md"));
        using var document = JsonDocument.Parse(Text(SampleRecordings.Service()));
        foreach (var name in NamesIn(document.RootElement).Distinct())
            Assert.Contains($"`{name}`", page, StringComparison.Ordinal);
    }

    private static string Text(Formats.Alloc.RecordingSummary recording)
    {
        using var output = new StringWriter();
        RecordingJson.Write(output, recording, SiteGrouping.Line, 10);
        return output.ToString();
    }

    private static IEnumerable<string> NamesIn(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(one => NamesIn(one.Value).Prepend(one.Name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(NamesIn),
        _ => [],
    };
}
