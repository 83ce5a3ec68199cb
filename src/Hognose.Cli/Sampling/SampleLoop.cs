using System.Diagnostics;
using System.Text;
using Hognose.Formats.Mprof;
using Hognose.Targets.Sampling;

namespace Hognose.Cli.Sampling;

/// <summary>What is sampled, how often, and for how long.</summary>
/// <param name="Timeout">null: until the process ends.</param>
/// <param name="SumChildren">Descendants' memory is added to the process's own.</param>
/// <param name="ListChildren">Descendants get lines of their own.</param>
internal sealed record SamplePlan(TimeSpan Interval, TimeSpan? Timeout, MemoryMeasure Measure, bool SumChildren, bool ListChildren);

/// <summary>Reads a process's memory at fixed times, from outside, and writes each sample down. Late samples are left out, not made up for.</summary>
internal sealed class SampleLoop(SamplePlan plan, DatFile file)
{
    private const double MebiByte = 1 << 20;

    /// <param name="hasEnded">Asked after each sample; also takes note that the process was stopped or reaped.</param>
    public void Run(int processId, Func<bool> hasEnded)
    {
        using var memory = TreeMemory.Open(processId, plan.Measure);
        if (memory is null)
            return;
        using var end = new ProcessEnd(processId);
        var start = Stopwatch.GetTimestamp();
        for (long turn = 1; ; turn++)
        {
            if (Sample(memory) is { } lines)
                file.Write(lines);
            else if (!end.IsKnown)
                return;
            var elapsed = Stopwatch.GetElapsedTime(start);
            turn = Math.Max(turn, (long)(elapsed / plan.Interval) + 1);
            var next = plan.Interval * turn;
            if (plan.Timeout is { } timeout && next >= timeout)
            {
                end.WaitFor(timeout - elapsed);
                return;
            }
            if (end.WaitFor(next - elapsed) | hasEnded())
                return;
        }
    }

    /// <returns>null when the process has no memory: it has ended, or is amid an exec.</returns>
    private string? Sample(TreeMemory memory)
    {
        if (memory.ReadProcess() is not { } own)
            return null;
        var children = plan.SumChildren || plan.ListChildren ? memory.ReadChildren() : [];
        var all = own + (plan.SumChildren ? children.Sum(child => child.Bytes) : 0);
        var now = DateTimeOffset.UtcNow.Subtract(DateTimeOffset.UnixEpoch).TotalSeconds;
        var lines = new StringBuilder(MprofLines.Memory(new MemorySample(all / MebiByte, now)));
        if (plan.ListChildren)
            foreach (var (child, bytes) in children)
                lines.Append(MprofLines.Child(child, new MemorySample(bytes / MebiByte, now)));
        return lines.ToString();
    }
}
