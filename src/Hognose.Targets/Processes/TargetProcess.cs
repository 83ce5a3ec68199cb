using System.Globalization;
using Hognose.Diagnostics;
using Hognose.Targets.Copying;
using Hognose.Targets.Elf;
using Hognose.Targets.Memory;
using Hognose.Targets.Native;

namespace Hognose.Targets.Processes;

/// <summary>A live process that we may read. Opening it changes nothing in it; every refusal says what to do instead.</summary>
public sealed class TargetProcess : ITarget
{
    private readonly ulong _startTime;

    private TargetProcess(int id, ProcStatus status, ulong startTime)
    {
        Id = id;
        Name = status.Name;
        _startTime = startTime;
        Memory = new LiveMemory(id);
    }

    public int Id { get; }

    /// <summary>What <c>ps</c> shows as its command; the target may have chosen it, so it is for people only.</summary>
    public string Name { get; }

    /// <summary>"pid 41 (nginx)", free of control characters.</summary>
    public string Display => $"pid {Id} ({Printable(Name)})";

    public LiveMemory Memory { get; }

    IMemoryReader ITarget.Memory => Memory;

    /// <exception cref="CannotContinueException">No such process, not ours to read, a zombie, a kernel thread, traced by another, not x86-64.</exception>
    public static TargetProcess Open(int processId)
    {
        var status = ReadStatus(processId);
        var process = new TargetProcess(processId, status, ReadStartTime(processId));
        ProcessAccess.Check(process, status);
        return process;
    }

    /// <summary>A frozen copy of another process, which we made and hold stopped.</summary>
    internal static TargetProcess OfFrozenCopy(int processId) => new(processId, ReadStatus(processId), ReadStartTime(processId));

    public ProcStatus ReadStatus() => ReadStatus(Id);

    /// <exception cref="CannotContinueException">It is gone, or its mappings may not be read.</exception>
    public IReadOnlyList<Mapping> ReadMappings(Limits limits)
    {
        if (!ProcFile.TryRead($"/proc/{Id}/maps", out var text, out var errno))
            throw ProcessAccess.Unreadable(this, ReadStatus(), errno);
        var mappings = ProcMaps.Parse(text, limits, out _);
        return mappings.Count > 0 ? mappings : throw ProcessAccess.Ended(this);
    }

    public IEnumerable<MemoryPiece> ReadPresent(IReadOnlyList<Mapping> mappings, int overlap) => PresentPages.Read(this, mappings, overlap);

    public bool TryOpenFile(LoadedImage image, out MappedFile file) => MappedFile.TryOpen(this, image, out file);

    /// <summary>Ids of its threads as the kernel lists them now; empty when it is gone.</summary>
    public IReadOnlyList<int> ReadThreads()
    {
        try
        {
            return [.. Directory.EnumerateDirectories($"/proc/{Id}/task").Select(ThreadIdOf)];
        }
        catch (IOException)
        {
            return [];
        }
    }

    /// <summary>False once the process has ended, even if another one has its number now.</summary>
    public bool IsStillThere() => ReadStartTime(Id) == _startTime && _startTime != 0;

    /// <exception cref="CannotContinueException">It has ended since it was opened.</exception>
    public void RequireStillThere()
    {
        if (!IsStillThere())
            throw ProcessAccess.Ended(this);
    }

    /// <summary>Whether a process id means there what it means here: its PID namespace is ours.</summary>
    public bool HasOurProcessIds() =>
        new FileInfo($"/proc/{Id}/ns/pid").LinkTarget is not { } theirs || theirs == new FileInfo("/proc/self/ns/pid").LinkTarget;

    private static int ThreadIdOf(string directory) =>
        int.Parse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture);

    private static ProcStatus ReadStatus(int processId) =>
        ProcFile.TryRead($"/proc/{processId}/status", out var text, out var errno)
            ? ProcStatus.Parse(text)
            : throw ProcessAccess.NoStatus(processId, errno);

    /// <summary>0 when it is gone.</summary>
    private static ulong ReadStartTime(int processId) =>
        ProcStat.Of(processId) is { Length: > ProcStat.StartTime } fields && ulong.TryParse(fields[ProcStat.StartTime], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) ? ticks : 0;

    private static string Printable(string name) => string.Concat(name.Select(c => char.IsControl(c) ? '?' : c));
}
