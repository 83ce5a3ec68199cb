using System.CommandLine;
using Hognose.Diagnostics;
using Hognose.Targets.Copying;

namespace Hognose.Cli.Commands;

/// <summary><c>--fork</c> and <c>--no-pause</c>: how a running process's memory is had.</summary>
internal sealed class CopyWayOptions
{
    private readonly Option<bool> _fork = new("--fork");
    private readonly Option<bool> _noPause = new("--no-pause");

    public void AddTo(Command command)
    {
        command.Options.Add(_fork);
        command.Options.Add(_noPause);
    }

    /// <summary>Null: neither was given.</summary>
    /// <exception cref="CannotContinueException">Both were.</exception>
    public CopyWay? Of(ParseResult parsed) => (parsed.GetValue(_fork), parsed.GetValue(_noPause)) switch
    {
        (true, true) => throw new CannotContinueException("--fork and --no-pause exclude each other", "give one of them: a forked program stands still for a moment"),
        (true, _) => CopyWay.Fork,
        (_, true) => CopyWay.Running,
        _ => null,
    };
}
