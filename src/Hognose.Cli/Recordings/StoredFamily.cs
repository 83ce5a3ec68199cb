using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Insights.Families;
using Hognose.Reports;

namespace Hognose.Cli.Recordings;

/// <summary>The recordings of a family, read one after the other; those that cannot be read are left out and told.</summary>
/// <param name="read">From a path to a recording, or the part of it that is asked for; null: nothing of it is.</param>
/// <param name="byProcess">As of <see cref="FamilyBuilder"/>.</param>
internal sealed class StoredFamily(Func<string, RecordingSummary?> read, bool byProcess)
{
    private readonly FamilyBuilder _builder = new(byProcess);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly List<string> _unread = [];

    /// <summary>Recordings that are missing, each with the reason.</summary>
    public IReadOnlyList<string> Unread => _unread;

    /// <summary>Of recordings that were read, the command line's words for them; empty when none was named.</summary>
    /// <param name="files">As named by the user.</param>
    /// <param name="withOthers">Also those of the processes that they tell of.</param>
    /// <exception cref="CannotContinueException">None can be read, or there is no other process.</exception>
    public RecordedFamily Read(IReadOnlyList<string> files, bool withOthers)
    {
        foreach (var file in files)
            Add(file, withOthers, isOnly: files.Count == 1);
        if (_builder.Count == 0)
            throw new CannotContinueException($"none of {files.Count} recordings can be shown; the first: {_unread.FirstOrDefault() ?? "nothing of it was asked for"}", "give files that 'hognose run' wrote (*.alloc)");
        if (_builder.Count + _unread.Count == 1)
            throw new CannotContinueException($"'{files[0]}' tells of no other process", "give the recording of the program that started the others, or leave --family out");
        return _builder.Build();
    }

    private void Add(string file, bool withOthers, bool isOnly)
    {
        if (!_seen.Add(CurrentFolder.Whole(file)))
            return;
        RecordingSummary? recording;
        try
        {
            recording = read(file);
        }
        catch (CannotContinueException trouble) when (!isOnly)
        {
            _unread.Add(trouble.Message);
            return;
        }
        if (recording is null)
            return;
        Take(recording, file);
        foreach (var member in withOthers ? recording.Family : [])
            AddMember(member, Path.GetDirectoryName(file) ?? "");
    }

    /// <summary>Its file was written beside its parent's. What else a recording says of the place is not followed: it may come from anywhere.</summary>
    private void AddMember(FamilyMember member, string folder)
    {
        if (member.File.Contains('\0', StringComparison.Ordinal))
        {
            _unread.Add($"the recording of pid {member.ProcessId} has a name that no file can have");
            return;
        }
        var file = Path.Combine(folder, Path.GetFileName(member.File));
        if (!_seen.Add(CurrentFolder.Whole(file)))
            return;
        try
        {
            if (FileKind.IsSpecial(file))
                throw new CannotContinueException($"'{file}' is no regular file", "");
            if (read(file) is not { } recording)
                return;
            if (FamilyBuilder.AreSame(member, recording.Facts))
                Take(recording, file);
            else
                _unread.Add($"'{file}' is another recording than that of pid {member.ProcessId}");
        }
        catch (CannotContinueException trouble)
        {
            _unread.Add(trouble.Message);
        }
    }

    private void Take(RecordingSummary recording, string file)
    {
        if (!_builder.TryAdd(recording, file))
            _unread.Add($"'{file}' tells of more bytes than there can be beside the others");
    }
}
