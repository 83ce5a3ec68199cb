using Hognose.Diagnostics;
using Hognose.Targets.Copying;
using Hognose.Targets.Elf;
using Hognose.Targets.Memory;

namespace Hognose.Targets.Processes;

/// <summary>A process to look into before its heap is read: a live one, or one that left a core file.</summary>
public interface ITarget
{
    /// <summary>"pid 41 (nginx)" or "core app.core (nginx)", free of control characters.</summary>
    string Display { get; }

    IMemoryReader Memory { get; }

    /// <exception cref="CannotContinueException">It is gone, or its mappings may not be read.</exception>
    IReadOnlyList<Mapping> ReadMappings(Limits limits);

    /// <summary>What <paramref name="mappings"/> hold, without leaving a trace in the process.</summary>
    /// <param name="overlap">Bytes that a piece repeats of the one before it, so that what is sought is never cut in two.</param>
    IEnumerable<MemoryPiece> ReadPresent(IReadOnlyList<Mapping> mappings, int overlap);

    /// <summary>The file behind a loaded image; the caller disposes of it.</summary>
    bool TryOpenFile(LoadedImage image, out MappedFile file);

    /// <summary>Whether it can still change: false for a process that ended, even if another one has its number now, and for a core.</summary>
    bool IsStillThere();
}
