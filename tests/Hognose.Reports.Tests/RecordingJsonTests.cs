using System.Text.Json;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;
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
        JsonNames.AreExplained(
            Text(SampleRecordings.Service() with { Marks = [new(1, "x")] }, ReportText.Options with { View = RecordingView.Temporary, Grouping = SiteGrouping.Module, Modules = ["*"] }), "docs/formats/show-json.md");
    }

    [Fact]
    public void A_view_is_said_by_name_with_its_sites()
    {
        using var document = JsonDocument.Parse(Text(SampleRecordings.Service(), ReportText.Options with { View = RecordingView.Temporary, Grouping = SiteGrouping.Module }));
        var view = document.RootElement.GetProperty("view");
        var site = Assert.Single(view.GetProperty("sites").EnumerateArray());
        Assert.Equal(("temporary", "module", 3_000_000_000), (view.GetProperty("name").GetString(), view.GetProperty("sites_by").GetString(), view.GetProperty("bytes").GetInt64()));
        Assert.Equal(("server", 3_000_000_000), (site.GetProperty("module").GetString(), site.GetProperty("bytes").GetInt64()));
    }

    private static string Text(RecordingSummary recording, RecordingReportOptions? options = null)
    {
        using var output = new StringWriter();
        RecordingJson.Write(output, recording, options ?? ReportText.Options);
        return output.ToString();
    }
}
