using System.Globalization;
using System.Text;
using Hognose.Diagnostics;
using Hognose.Targets.Native;
using Hognose.Targets.Processes;

namespace Hognose.Targets.Copying;

/// <summary>Whether the copy fits, asked before the target is touched: filling the machine would harm it and everybody else.</summary>
internal static class AvailableMemory
{
    /// <summary>Our own runtime and buffers.</summary>
    private const ulong Overhead = 64 << 20;

    /// <summary>An estimate: objects take 60 to 80 bytes in the copy, and their graph about 30 beside it.</summary>
    private static ulong WithGraph(ulong copied) => copied + (copied / 2) + Overhead;

    /// <summary>Bytes that may be had without swapping.</summary>
    public static ulong Now => Math.Min(OfMachine(), OfControlGroup());

    /// <exception cref="CannotContinueException">It would not fit.</exception>
    public static void Require(ITarget process, ulong copiedBytes)
    {
        var needed = WithGraph(copiedBytes);
        var machine = OfMachine();
        var group = OfControlGroup();
        if (needed <= Math.Min(machine, group))
            return;
        var where = group < machine ? "in our control group" : "on this machine";
        throw new CannotContinueException(
            $"a copy of {process.Display} needs about {Megabytes(needed)} MB, and {Megabytes(Math.Min(machine, group))} MB are available {where}",
            group < machine ? "raise the memory limit, or run hognose outside of it; the target was not touched"
                : "free memory, or dump a core (gcore) and ask that where there is more; the target was not touched");
    }

    private static ulong OfMachine()
    {
        if (!ProcFile.TryRead("/proc/meminfo", out var text, out _))
            return ulong.MaxValue;
        foreach (var line in Encoding.UTF8.GetString(text).Split('\n'))
            if (line.StartsWith("MemAvailable:", StringComparison.Ordinal)
                && ulong.TryParse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture, out var kilobytes))
                return kilobytes << 10;
        return ulong.MaxValue;
    }

    /// <summary>The tightest limit of our group and its parents (cgroups(7)), page cache that can be dropped counted as free.</summary>
    private static ulong OfControlGroup()
    {
        var available = ulong.MaxValue;
        if (!ProcFile.TryRead("/proc/self/cgroup", out var text, out _))
            return available;
        foreach (var line in Encoding.UTF8.GetString(text).Split('\n'))
        {
            // "0::/path" is version 2; "4:memory:/path" is version 1.
            var fields = line.Split(':', 3);
            if (fields.Length < 3 || !(fields[1].Length == 0 || fields[1].Split(',').Contains("memory")))
                continue;
            var isUnified = fields[1].Length == 0;
            var root = isUnified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory";
            for (var path = fields[2].TrimEnd('/'); ; path = path[..path.LastIndexOf('/')])
            {
                available = Math.Min(available, isUnified
                    ? OfGroup(root + path, "memory.max", "memory.current", "inactive_file")
                    : OfGroup(root + path, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"));
                if (!path.Contains('/', StringComparison.Ordinal))
                    break;
            }
        }
        return available;
    }

    private static ulong OfGroup(string folder, string limitFile, string usageFile, string droppableField)
    {
        if (!TryReadNumber($"{folder}/{limitFile}", out var limit) || !TryReadNumber($"{folder}/{usageFile}", out var usage))
            return ulong.MaxValue;
        var droppable = 0UL;
        if (ProcFile.TryRead($"{folder}/memory.stat", out var text, out _))
            foreach (var line in Encoding.UTF8.GetString(text).Split('\n'))
                if (line.StartsWith(droppableField + ' ', StringComparison.Ordinal))
                    _ = ulong.TryParse(line[(droppableField.Length + 1)..], CultureInfo.InvariantCulture, out droppable);
        usage -= Math.Min(usage, droppable);
        return limit > usage ? limit - usage : 0;
    }

    /// <summary>False for "max" and for a file that is not there.</summary>
    private static bool TryReadNumber(string path, out ulong number)
    {
        number = 0;
        return ProcFile.TryRead(path, out var text, out _)
            && ulong.TryParse(Encoding.UTF8.GetString(text).Trim(), CultureInfo.InvariantCulture, out number);
    }

    private static string Megabytes(ulong bytes) => (bytes >> 20).ToString("N0", CultureInfo.InvariantCulture);
}
