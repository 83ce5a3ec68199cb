using System.CommandLine;
using Hognose.Diagnostics;
using Hognose.Targets.Copying;

namespace Hognose.Cli.Commands;

/// <summary><c>--fork</c>, <c>--no-fork</c> and <c>--no-pause</c>: how a running process's memory is had. Without any its size decides.</summary>
internal sealed class CopyWayOptions
{
    private readonly Option<bool> _fork = new("--fork");
    private readonly Option<bool> _noFork = new("--no-fork");
    private readonly Option<bool> _noPause = new("--no-pause");

    public void AddTo(Command command)
    {
        command.Options.Add(_fork);
        command.Options.Add(_noFork);
        command.Options.Add(_noPause);
    }

    /// <summary>Null: none was given.</summary>
    /// <exception cref="CannotContinueException">Several were.</exception>
    public CopyWay? Of(ParseResult parsed)
    {
        var given = new List<(string Name, CopyWay Way)>();
        foreach (var (option, way) in (ReadOnlySpan<(Option<bool>, CopyWay)>)[(_fork, CopyWay.Fork), (_noFork, CopyWay.Copy), (_noPause, CopyWay.Running)])
            if (parsed.GetValue(option))
                given.Add((option.Name, way));
        return given.Count switch
        {
            0 => null,
            1 => given[0].Way,
            _ => throw new CannotContinueException($"{given[0].Name} and {given[1].Name} exclude each other", "give one of them, or none: then the size of the process decides"),
        };
    }
}
