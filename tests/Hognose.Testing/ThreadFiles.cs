using System.Globalization;

namespace Hognose.Testing;

/// <summary>What the kernel tells of each thread of a program. A thread that ended since it was listed is left out.</summary>
public static class ThreadFiles
{
    /// <param name="processId">Of the program; none are told of one that has gone.</param>
    /// <param name="name">The file in /proc/PID/task/THREAD.</param>
    public static IReadOnlyList<string> Read(int processId, string name)
    {
        var texts = new List<string>();
        var folder = $"/proc/{processId}/task";
        foreach (var task in Directory.Exists(folder) ? Directory.GetDirectories(folder) : [])
        {
            try
            {
                texts.Add(File.ReadAllText(Path.Combine(task, name)));
            }
            catch (IOException)
            {
                // Ended.
            }
        }
        return texts;
    }

    /// <summary>Processes that the program's threads started and nobody has waited for.</summary>
    public static IReadOnlyList<int> Children(int processId) =>
    [
        .. Read(processId, "children").SelectMany(list => list.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(child => int.Parse(child, CultureInfo.InvariantCulture)),
    ];
}
