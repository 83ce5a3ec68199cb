using System.CommandLine;
using Hognose.Diagnostics;
using Hognose.Insights.Allocations;

namespace Hognose.Cli.Commands;

/// <summary>What of <c>show --tree</c> can be chosen.</summary>
internal sealed class CallTreeOptions
{
    private readonly Option<bool> _tree = new("--tree");
    private readonly Option<bool> _invert = new("--invert");
    private readonly Option<string?> _smallest = new("--min-share");
    private readonly Option<bool> _libraries = new("--libraries");

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_tree, _invert, _smallest, _libraries])
            command.Options.Add(option);
    }

    /// <returns>null when no tree is asked for.</returns>
    public CallTreeShape? Parse(ParseResult parsed, SiteGrouping grouping)
    {
        var (invert, smallest, libraries) = (parsed.GetValue(_invert), parsed.GetValue(_smallest), parsed.GetValue(_libraries));
        if (parsed.GetValue(_tree))
            return new CallTreeShape(invert, grouping, ShareArgument.Parse(smallest ?? "1%"), libraries);
        if (invert || libraries || smallest is not null)
            throw new CannotContinueException($"{(invert ? "--invert" : libraries ? "--libraries" : "--min-share")} is for the tree of calls", "give --tree as well");
        return null;
    }
}
