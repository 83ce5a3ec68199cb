using Hognose.Formats.Alloc;

namespace Hognose.Insights.Families;

/// <summary>Who started whom? Processes beneath the one that started them, in the order of their begin.</summary>
internal static class FamilyTree
{
    /// <summary>An exec is seen some milliseconds late: the former recording ends when the new program's begins.</summary>
    private const long ExecSlack = 200_000_000;

    /// <param name="recordings">Their facts, with the begin on the family's clock.</param>
    /// <param name="members">What recordings say of the processes that they started.</param>
    /// <returns>Index of a recording, its parent's process id, how it came into being, and its depth; parents stand before their children.</returns>
    public static IReadOnlyList<(int Index, int ParentId, ProcessOrigin Origin, int Depth)> Of(
        IReadOnlyList<(RecordingFacts Facts, long Began)> recordings, IReadOnlyList<FamilyMember> members)
    {
        var parentIds = members.GroupBy(KeyOf).ToDictionary(group => group.Key, group => group.First().ParentId);
        var order = Enumerable.Range(0, recordings.Count).OrderBy(index => recordings[index].Began).ToList();
        var latest = new Dictionary<int, int>(); // The process id's last recording so far: only who began before can be a parent, so there is no circle.
        var origins = new (int ParentId, ProcessOrigin Origin)[recordings.Count];
        var children = new List<int>?[recordings.Count];
        var tops = new List<int>();
        foreach (var index in order)
        {
            var facts = recordings[index].Facts;
            var parentId = parentIds.GetValueOrDefault(KeyOf(facts));
            var isExec = latest.TryGetValue(facts.ProcessId, out var parent)
                && Saturated.Sum(Saturated.Sum(recordings[parent].Began, recordings[parent].Facts.DurationNanoseconds), ExecSlack) >= recordings[index].Began;
            var hasParent = isExec || latest.TryGetValue(parentId, out parent);
            origins[index] = (parentId, OriginOf(facts, hasParent ? recordings[parent].Facts : null, isExec, parentId));
            (hasParent ? children[parent] ??= [] : tops).Add(index);
            latest[facts.ProcessId] = index;
        }
        return Flatten(tops, children, origins);
    }

    public static bool AreSame(FamilyMember member, RecordingFacts facts) => KeyOf(member) == KeyOf(facts);

    private static (int ProcessId, long Milliseconds) KeyOf(FamilyMember member) => (member.ProcessId, member.StartedAt.ToUnixTimeMilliseconds());

    private static (int ProcessId, long Milliseconds) KeyOf(RecordingFacts facts) => (facts.ProcessId, facts.StartedAt.ToUnixTimeMilliseconds());

    private static ProcessOrigin OriginOf(RecordingFacts facts, RecordingFacts? parent, bool isExec, int parentId) => isExec ? ProcessOrigin.Exec
        : IsGone(facts) || (parent is not null && parent.CommandLine.Skip(1).SequenceEqual(facts.CommandLine.Skip(1))) ? ProcessOrigin.Fork
        : facts.CommandLine.Any(word => word == "--multiprocessing-fork" || word.StartsWith("from multiprocessing.", StringComparison.Ordinal)) ? ProcessOrigin.Multiprocessing
        : parent is null && parentId == 0 ? ProcessOrigin.Program
        : ProcessOrigin.Started;

    /// <summary>It had ended when its command line was to be read. A new program waits until it was looked at; a fork's child does not.</summary>
    private static bool IsGone(RecordingFacts facts) => facts.CommandLine.All(word => word.Length == 0);

    /// <summary>Without recursion: a chain of processes in a file may be as long as the file.</summary>
    private static List<(int Index, int ParentId, ProcessOrigin Origin, int Depth)> Flatten(
        List<int> tops, List<int>?[] children, (int ParentId, ProcessOrigin Origin)[] origins)
    {
        var flat = new List<(int, int, ProcessOrigin, int)>(origins.Length);
        var open = new Stack<(int Index, int Depth)>(tops.AsEnumerable().Reverse().Select(index => (index, 0)));
        while (open.TryPop(out var at))
        {
            flat.Add((at.Index, origins[at.Index].ParentId, origins[at.Index].Origin, at.Depth));
            foreach (var child in (children[at.Index] ?? []).AsEnumerable().Reverse())
                open.Push((child, at.Depth + 1));
        }
        return flat;
    }
}
