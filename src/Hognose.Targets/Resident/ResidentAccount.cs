using System.Globalization;
using System.Text;
using Hognose.Diagnostics;
using Hognose.Targets.Native;
using Hognose.Targets.Processes;

namespace Hognose.Targets.Resident;

/// <summary>What the kernel says of a process's memory at one instant, read while it stands still: half a millisecond for a hundred mappings.</summary>
/// <param name="Mappings">Ascending.</param>
/// <param name="StackPointers">Of each thread that could be asked, in no order.</param>
public sealed record ResidentAccount(IReadOnlyList<SmapsEntry> Mappings, IReadOnlyList<ulong> StackPointers)
{
    /// <exception cref="CannotContinueException">It is gone, or its memory may not be read.</exception>
    internal static ResidentAccount Read(TargetProcess process, Limits limits)
    {
        if (!ProcFile.TryRead($"/proc/{process.Id}/smaps", out var text, out var errno))
            throw ProcessAccess.Unreadable(process, process.ReadStatus(), errno);
        var pointers = new List<ulong>();
        foreach (var thread in process.ReadThreads().Take(limits.Threads))
            if (ProcFile.TryRead($"/proc/{process.Id}/task/{thread}/syscall", out var words, out _) && TryStackPointer(words, out var pointer))
                pointers.Add(pointer);
        return new ResidentAccount(SmapsText.Parse(text, limits), pointers);
    }

    /// <summary>"number arguments sp pc", or "-1 sp pc" outside a call; "running" for a thread on a processor.</summary>
    internal static bool TryStackPointer(ReadOnlySpan<byte> text, out ulong pointer)
    {
        pointer = 0;
        var words = Encoding.ASCII.GetString(text).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length >= 3
            && words[^2].StartsWith("0x", StringComparison.Ordinal)
            && ulong.TryParse(words[^2].AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out pointer);
    }
}
