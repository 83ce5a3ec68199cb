using System.CommandLine;
using System.Diagnostics;
using Hognose.CPython.Runtime;
using Hognose.Cli.Attaching;
using Hognose.Diagnostics;
using Hognose.Formats.Ring;
using Hognose.Targets.Attach;
using Hognose.Targets.Launch;
using Hognose.Targets.Processes;

namespace Hognose.Cli.Commands;

/// <summary><c>hognose detach</c>: has an attached hognose leave, or takes off what a killed one left behind.</summary>
internal sealed class DetachCommand : HognoseVerb
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private readonly Argument<string> _process = new("pid");

    public DetachCommand(Terminal terminal)
        : base("detach", "End the recording that attach began.")
    {
        Arguments.Add(_process);
        SetAction(parsed => Detach(ProcessArgument.Parse(parsed.GetValue(_process)!), terminal));
    }

    public override string HelpText => """
        hognose detach: end the recording that 'hognose attach' began

        Usage:
          hognose detach PID

        PID is the recorded program's. The attached hognose leaves it, reports and ends, as at Ctrl-C. If that was killed,
        what it left in the program is taken off: the program has the allocators it had before.

        Options:
          -h, --help          show this text

        Exit status: 0; 2 when the process is not attached to.

        """;

    private static int Detach(int processId, Terminal terminal)
    {
        var process = TargetProcess.Open(processId);
        switch (RunningRecording.Find(process, Limits.Default))
        {
            case null:
                throw new CannotContinueException($"{process.Display} is not attached to", $"'hognose attach {processId}' begins a recording");
            case { Origin: not RecordingOrigin.Attached } other:
                throw new CannotContinueException($"{process.Display} is not attached to: it runs under hognose (pid {other.Tool})", "its recording is reported when it ends");
            case { IsFollowed: true } other:
                Tell(other.Tool, process);
                break;
            default:
                TakeOff(process);
                break;
        }
        TroubleText.PrintNotice(terminal.Error, $"detached from {process.Display}");
        return 0;
    }

    private static void Tell(int tool, TargetProcess process)
    {
        if (!IsHognose(tool) || !ProcessSignal.TrySend(tool, ProcessSignal.Terminate))
            throw new CannotContinueException($"the hognose that is attached to {process.Display} (pid {tool} where it runs) is not to be reached from here", "press Ctrl-C where it runs");
        var start = Stopwatch.GetTimestamp();
        while (process.IsStillThere() && RunningRecording.Find(process, Limits.Default) is { IsFollowed: true })
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new CannotContinueException($"pid {tool} does not leave {process.Display}", "see what it says in its terminal");
            Thread.Sleep(Step);
        }
    }

    /// <summary>A number in another PID namespace is somebody else's here.</summary>
    private static bool IsHognose(int tool) =>
        AttachedProgram.CommandLineOf(tool).Contains("attach");

    private static void TakeOff(TargetProcess process)
    {
        var python = RunningPython.Find(process, Limits.Default, CancellationToken.None);
        using var library = AgentLibrary.Open();
        var delivery = AgentDelivery.Prepare(process, PythonPlaces.Of(process, python, Limits.Default), library, Limits.Default);
        delivery.Ask(AgentWish.End, -1, 0, () => RunningRecording.Find(process, Limits.Default) is null);
    }
}
