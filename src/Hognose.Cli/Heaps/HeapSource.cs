using System.Globalization;
using Hognose.Cli.Recordings;
using Hognose.CPython.Runtime;
using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Insights.Heaps;
using Hognose.Targets.Copying;
using Hognose.Targets.Processes;

namespace Hognose.Cli.Heaps;

/// <summary>Where a heap comes from: a running process by its pid, a snapshot or a core file by its path.</summary>
/// <param name="ProcessId">0 for a file.</param>
/// <param name="Path">Null for a process.</param>
/// <param name="Way">How a process is copied.</param>
/// <param name="Root">The directory that stands for "/" when a core's binaries are sought; null for "/".</param>
internal sealed record HeapSource(int ProcessId, string? Path, string? Root, CopyWay Way)
{
    /// <summary>Whether the file is one that 'hognose snapshot' wrote, or calls itself one; any other file is taken for a core.</summary>
    public bool IsSnapshot => Path is not null && (Path.EndsWith(".heap", StringComparison.Ordinal) || StoredHeap.BeginsAsOne(Path));

    /// <exception cref="CannotContinueException">Neither a pid nor a file.</exception>
    /// <param name="text">As the user wrote it.</param>
    /// <param name="root">Of a core.</param>
    /// <param name="way">Null: whichever suits the size of the process.</param>
    public static HeapSource Parse(string text, string? root, CopyWay? way)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var processId) && processId > 0)
            return root is null
                ? new HeapSource(processId, null, null, way ?? CopyWay.BySize)
                : throw new CannotContinueException("--sysroot is for core files", "leave it out: a running process has its files with it");
        return text.Contains('/', StringComparison.Ordinal) || text.EndsWith(".heap", StringComparison.Ordinal) || File.Exists(text)
            ? way is not null
                ? throw new CannotContinueException("--fork, --no-fork and --no-pause are for running processes", "leave them out")
                : new HeapSource(0, text, root, CopyWay.Copy)
            : throw new CannotContinueException($"'{text}' is no pid", "give the number of a process, as pgrep -a python shows it, or a snapshot or core file");
    }

    /// <summary>Copied in whichever way suits its size.</summary>
    public static HeapSource OfProcess(int processId) => new(processId, null, null, CopyWay.BySize);

    /// <summary>The copy, which the caller owns; the Python in it; and the facts, whose clock runs until they are asked for.</summary>
    /// <param name="limits">Bounds on what is believed.</param>
    /// <param name="trouble">Receives what could not be read.</param>
    /// <param name="readsAccount">Of a process also the kernel's account of its memory, which costs a longer pause.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="look">Looks at the process before it is copied, and may refuse it.</param>
    /// <param name="atInstant">Called while it stands still, each time that it may be copied; the last time counts.</param>
    /// <exception cref="CannotContinueException">It can't be read, or isn't of a Python that we know.</exception>
    public (MemoryCopy Copy, PythonRuntime Python, Func<HeapFacts> Facts) Copy(
        Limits limits, DiagnosticBag trouble, bool readsAccount, CancellationToken cancellation, Action<ITarget, PythonRuntime>? look = null, Action? atInstant = null) =>
        Path is null
            ? HeapOfProcess.Copy(ProcessId, Way, limits, trouble, cancellation, readsAccount, look: look, atInstant: atInstant)
            : FileKind.BeginsWith(Path, AllocFormat.Magic)
            ? throw new CannotContinueException($"'{Path}' is a recording, no heap", "'hognose show' and others tell of it; here, give a pid, a snapshot or a core file")
            : HeapOfCore.Copy(Path, Root, limits, trouble, cancellation, look);
}
