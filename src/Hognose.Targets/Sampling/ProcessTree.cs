using System.Globalization;
using System.Text;
using Hognose.Targets.Native;
using Hognose.Targets.Processes;

namespace Hognose.Targets.Sampling;

/// <summary>The children of a process, their children, and so on, as they are now.</summary>
public static class ProcessTree
{
    /// <summary>A bound on what is followed: each child is one more file to read a sample.</summary>
    private const int MostProcesses = 10_000;

    private static readonly bool KernelListsChildren = File.Exists("/proc/self/task/" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "/children");

    /// <summary>Without the process itself; parents come before their children.</summary>
    public static IReadOnlyList<int> Descendants(int processId)
    {
        var parents = KernelListsChildren ? null : Parents();
        var found = new List<int>();
        var seen = new HashSet<int> { processId };
        Add(processId);
        for (var next = 0; next < found.Count && found.Count < MostProcesses; next++)
            Add(found[next]);
        return found;

        void Add(int parent)
        {
            foreach (var child in parents?[parent] ?? Children(parent))
                if (seen.Add(child))
                    found.Add(child);
        }
    }

    /// <summary>Ids in ascending order whose name (<c>comm</c>, 15 bytes, or its executable's file name) holds the text; without this process.</summary>
    public static IEnumerable<int> Named(string text) =>
        ProcessIds().Order().Where(id => id != Environment.ProcessId && NameOf(id).Contains(text, StringComparison.Ordinal));

    /// <summary>The arguments of a process; empty when it is gone or has none to show.</summary>
    public static IReadOnlyList<string> Arguments(int processId) =>
        ProcFile.TryRead($"/proc/{processId}/cmdline", out var line, out _) && line.Length > 0
            ? Encoding.UTF8.GetString(line).TrimEnd('\0').Split('\0')
            : [];

    // The kernel cuts the name off after 15 bytes; then the beginning of the command line tells the rest, as psutil has it.
    private static string NameOf(int processId)
    {
        const int cutOff = 15;
        if (!ProcFile.TryRead($"/proc/{processId}/comm", out var bytes, out _))
            return "";
        var name = Encoding.UTF8.GetString(bytes).TrimEnd('\n');
        if (Encoding.UTF8.GetByteCount(name) < cutOff)
            return name;
        var whole = Arguments(processId) is [var first, ..] ? Path.GetFileName(first) : "";
        return whole.StartsWith(name, StringComparison.Ordinal) ? whole : name;
    }

    // Children belong to the thread that started them.
    private static IEnumerable<int> Children(int processId)
    {
        foreach (var thread in Entries($"/proc/{processId}/task"))
            if (ProcFile.TryRead($"/proc/{processId}/task/{thread}/children", out var list, out _))
                foreach (var child in Encoding.ASCII.GetString(list).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    yield return int.Parse(child, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    // For kernels without CONFIG_PROC_CHILDREN.
    private static ILookup<int, int> Parents() => ProcessIds().ToLookup(id => ParentOf(id));

    /// <summary>0 when it is gone.</summary>
    public static int ParentOf(int processId) =>
        ProcStat.Of(processId) is { Length: > ProcStat.Parent } fields && int.TryParse(fields[ProcStat.Parent], NumberStyles.None, CultureInfo.InvariantCulture, out var parent) ? parent : 0;

    private static int[] ProcessIds() => Entries("/proc");

    private static int[] Entries(string folder)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path))
                .Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0)];
        }
        catch (IOException)
        {
            return []; // It ended.
        }
    }
}
