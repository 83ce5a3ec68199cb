using System.CommandLine;
using Hognose.Cli.Recordings;
using Hognose.Diagnostics;
using Hognose.Insights.Allocations;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;

namespace Hognose.Cli.Commands;

/// <summary><c>hognose show</c>: prints the report of a recording again.</summary>
internal sealed class ShowCommand : HognoseVerb
{
    private readonly Argument<string> _file = new("file");
    private readonly Option<int> _sites = new("--sites", "-n") { DefaultValueFactory = _ => 10 };
    private readonly Option<string> _by = new("--by") { DefaultValueFactory = _ => "line" };
    private readonly Option<bool> _json = new("--json");

    public ShowCommand(Terminal terminal)
        : base("show", "Print the report of a recording.")
    {
        _by.AcceptOnlyFromAmong("line", "function", "file");
        Arguments.Add(_file);
        Options.Add(_sites);
        Options.Add(_by);
        Options.Add(_json);
        SetAction(parsed => Show(parsed, terminal));
    }

    public override string HelpText => """
        hognose show: print the report of a recording again

        Usage:
          hognose show FILE.alloc [options]

        Options:
          --by line|function|file   what a site is: a line of code (default), a function, or a file
          -n, --sites N             how many sites to list (default: 10)
          --json                    print JSON (docs/formats/show-json.md) instead of the report
          -h, --help                show this text

        Examples:
          hognose show hognose-app.4711.alloc
          hognose show hognose-app.4711.alloc --by function --sites 30
          hognose show hognose-app.4711.alloc --json | jq '.high_water_mark.sites[0]'

        Exit status: 0; 2 when the file cannot be read or is not a recording.

        """;

    private int Show(ParseResult parsed, Terminal terminal)
    {
        var file = parsed.GetValue(_file)!;
        var sites = parsed.GetValue(_sites);
        if (sites < 1)
            throw new CannotContinueException($"cannot list {sites} sites", "give --sites a number of 1 or more");
        var grouping = GroupingNamed(parsed.GetValue(_by)!);
        var recording = StoredRecording.Read(file);
        if (parsed.GetValue(_json))
            RecordingJson.Write(terminal.Output, recording, grouping, sites);
        else
            RecordingReport.Write(terminal.OutputConsole(), recording, new RecordingReportOptions(file, Environment.CurrentDirectory, sites, grouping));
        return 0;
    }

    private static SiteGrouping GroupingNamed(string name) => name switch
    {
        "function" => SiteGrouping.Function,
        "file" => SiteGrouping.File,
        _ => SiteGrouping.Line,
    };
}
