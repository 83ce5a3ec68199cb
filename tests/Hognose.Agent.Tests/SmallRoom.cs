using System.Diagnostics;
using System.Text;
using Hognose.CPython.Layouts;
using Hognose.Formats.Alloc;
using Hognose.Formats.Ring;
using Hognose.Recording;
using Hognose.Recording.Ring;
using Hognose.Targets.Launch;
using Hognose.Testing;

namespace Hognose.Agent.Tests;

/// <summary>A program recorded as `hognose run` records it, but with as little room for stacks as a test likes.</summary>
internal static unsafe class SmallRoom
{
    /// <summary>Only a program that hangs ever meets it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static RecordingSummary Record(Interpreter python, string code, StackRoom room)
    {
        Environment.SetEnvironmentVariable(AgentLibrary.PathVariable, Path.Combine(Path.GetDirectoryName(BuiltTool.Path)!, AgentLibrary.FileName));
        const ulong nonce = 4711;
        using var region = SharedMemoryFile.Create("hognose-test", RingShape.RegionLength);
        using var library = AgentLibrary.Open();
        RingShape.Format(region.Start, nonce, Environment.ProcessId, room);
        string[] line = [python.Executable, "-c", code];
        var program = ProgramLauncher.Launch(new LaunchRequest(python.Executable, [.. line.Select(Encoding.UTF8.GetBytes)], nonce), region, library);
        using var session = new RecordingSession(region.Start, new Tables(), () => -1);
        ProgramExit exit;
        var began = Stopwatch.GetTimestamp();
        while (!program.TryWait(out exit))
        {
            if (session.Step() == 0)
                Nap.For(100);
            if (Stopwatch.GetElapsedTime(began) > Patience)
                program.Send(9);
        }
        Assert.Equal((0, 0, ""), (exit.ExitStatus, exit.Signal, session.Refusal));
        return session.Finish(new ProgramFacts("0", line, DateTimeOffset.UnixEpoch, program.ProcessId, ProgramEnding.Exited, 0, 0, 0, 0, ""));
    }

    private sealed class Tables : ILayoutSource
    {
        public bool TryGet(uint versionHex, uint buildFlags, out AgentLayout layout, out string reason) => AgentLayouts.TryGet(versionHex, out layout, out reason);
    }
}
