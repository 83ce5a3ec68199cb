using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Hognose.Testing.Recordings;

namespace Hognose.Reports.Tests;

public class ModuleTests
{
    private static RecordingSummary Project(params string[] command) => new RecordingSketch()
        .Held("<module> /srv/main.py:1 > <module> /srv/app/__init__.py:1 > <module> /srv/app/models/user.py:3", 100, 1)
        .Held("<module> /srv/main.py:1 > load /usr/lib/python3.11/json/__init__.py:7 > run <frozen importlib._bootstrap>:1", 10, 1)
        .Held("<module> /srv/main.py:1 > f /venv/lib/python3.12/site-packages/requests/api.py:3", 1, 1)
        .Held("<module> /opt/plugins/__init__.py:1 > g /opt/plugins/one.v2.py:5", 1000, 1)
        .Held("h <string>:1", 10_000, 1)
        .Held("", 100_000, 1)
        .Finish(facts => facts with { CommandLine = command });

    [Theory]
    [InlineData("/srv/main.py", "main")]
    [InlineData("/srv/app/__init__.py", "app")]
    [InlineData("/srv/app/models/user.py", "app.models.user")]
    [InlineData("/usr/lib/python3.11/json/__init__.py", "json")]
    [InlineData("<frozen importlib._bootstrap>", "importlib._bootstrap")]
    [InlineData("/venv/lib/python3.12/site-packages/requests/api.py", "requests.api")]
    [InlineData("/opt/plugins/one.v2.py", "plugins.one.v2")]
    [InlineData("<string>", "<string>")]
    public void A_file_is_called_as_import_would(string file, string module) => Assert.Equal(module, ModuleNames.Of(Project("python3", "main.py")).Of(file));

    [Fact]
    public void A_module_that_was_run_as_one_is_named_from_its_package_on()
    {
        var recording = new RecordingSketch()
            .Held("_run_module_as_main <frozen runpy>:198 > <module> /srv/app/tools/__main__.py:1 > f /srv/app/other.py:3", 1, 1)
            .Finish(facts => facts with { CommandLine = ["python3", "-m", "app.tools", "--all"] });
        var names = ModuleNames.Of(recording);
        Assert.Equal(("app.other", "app.tools.__main__"), (names.Of("/srv/app/other.py"), names.Of("/srv/app/tools/__main__.py")));
    }

    [Theory]
    [InlineData("app.*", 100)]
    [InlineData("models.*", 100)]
    [InlineData("user", 100)]
    [InlineData("app", 0)]
    [InlineData("*", 11_111)]
    [InlineData("importlib._bootstrap", 10)]
    [InlineData("Requests.api", 0)]
    public void A_glob_takes_modules_by_their_name_or_its_end(string glob, long bytes)
    {
        var ranking = SiteRanker.Rank(ModuleFilter.Apply(Project("python3", "main.py"), [glob]), RecordingView.HighWater, SiteGrouping.Module, 10);
        Assert.Equal(bytes, ranking.TotalBytes);
    }

    /// <summary>Whoever starts it: Python, its -m, our launcher; a module that site imports begins with nobody's call, too.</summary>
    [Theory]
    [InlineData("<module> /srv/main.py:1", 1)]
    [InlineData("<module> /srv/main.py:1 > f /srv/main.py:7", 1)]
    [InlineData("<module> <string>:1", 1)]
    [InlineData("_run_module_as_main <frozen runpy>:198 > _run_code <frozen runpy>:88 > <module> /srv/app/__main__.py:1", 1)]
    [InlineData("_run_module_as_main /usr/lib/python3.9/runpy.py:197 > <module> /srv/app/__main__.py:1", 1)]
    [InlineData("<module> /site-packages/hognose/compat/__main__.py:3 > run /site-packages/hognose/_running.py:9 > <module> /srv/main.py:1", 1)]
    [InlineData("<module> /srv/main.py:1 > <module> /srv/other.py:1", 0)]
    [InlineData("_find_and_load <frozen importlib._bootstrap>:9 > <module> /srv/sitecustomize.py:1", 0)]
    [InlineData("<module> <frozen zipimport>:1", 0)]
    public void The_main_module_fits_the_name_that_Python_gives_it(string stack, long bytes)
    {
        var recording = new RecordingSketch().Held(stack, 1, 1).Finish();
        Assert.Equal(bytes, SiteRanker.Rank(ModuleFilter.Apply(recording, ["__main__"]), RecordingView.HighWater, SiteGrouping.Line, 10).TotalBytes);
    }

    [Fact]
    public void Modules_of_a_program_are_its_own_code_and_those_of_libraries_are_not()
    {
        var sites = SiteRanker.Rank(Project("python3", "main.py"), RecordingView.HighWater, SiteGrouping.Module, 10).Sites;
        Assert.Equal(["<string>", "plugins.one.v2", "app.models.user"], sites.Where(site => site.IsOwnCode).Select(site => site.Label));
        Assert.Single(sites, site => site.Label is null);
    }
}
