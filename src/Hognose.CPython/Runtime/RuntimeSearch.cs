using Hognose.CPython.Layouts;
using Hognose.Targets.Elf;
using Hognose.Targets.Memory;
using Hognose.Targets.Processes;

namespace Hognose.CPython.Runtime;

/// <summary>One place where <c>_PyRuntime</c> may stand.</summary>
/// <param name="Size">Of the object, as the linker recorded it; 0 where unknown.</param>
internal readonly record struct RuntimeCandidate(TargetAddress Address, ulong Size, LoadedImage Image, RuntimeEvidence Evidence);

/// <summary>
/// Looks for <c>_PyRuntime</c> in a process. Names of files and programs prove nothing (embedding, PyInstaller, a loader given on the
/// command line), so every image is asked.
/// </summary>
internal sealed class RuntimeSearch(ITarget process, IReadOnlyList<LoadedImage> images)
{
    /// <summary>All places that the first way that finds any gives; a copy relocation makes two of them, of which one is live.</summary>
    public IReadOnlyList<RuntimeCandidate> Find()
    {
        foreach (var way in (Func<IEnumerable<RuntimeCandidate>>[])[BySymbol, BySection, ByCookie, ByChase])
            if (way().ToList() is { Count: > 0 } found)
                return found;
        return [];
    }

    private IEnumerable<RuntimeCandidate> BySymbol()
    {
        foreach (var image in images)
            if (ElfImage.TryOpen(process.Memory, image.Start, out var elf) && elf.TryFindSymbol("_PyRuntime", out var symbol))
                yield return new RuntimeCandidate(symbol.Address, symbol.Size, image, RuntimeEvidence.Symbol);
    }

    private IEnumerable<RuntimeCandidate> BySection()
    {
        foreach (var image in images)
        {
            if (!ElfImage.TryOpen(process.Memory, image.Start, out var elf) || !process.TryOpenFile(image, out var file))
                continue;
            using (file)
                if (ElfSections.TryFind(file, ".PyRuntime", out var linkedAddress, out var size))
                    yield return new RuntimeCandidate(
                        new TargetAddress(unchecked(linkedAddress + elf.LoadBias)), size, image, RuntimeEvidence.Section);
        }
    }

    private IEnumerable<RuntimeCandidate> ByCookie()
    {
        foreach (var image in images)
            foreach (var piece in process.ReadPresent([.. image.Writable], DebugOffsetsStart.Size))
                for (var at = piece.Bytes.Span.IndexOf(DebugOffsetsStart.Cookie); at >= 0;)
                {
                    yield return new RuntimeCandidate(piece.Address + at, 0, image, RuntimeEvidence.Cookie);
                    var next = piece.Bytes.Span[(at + 8)..].IndexOf(DebugOffsetsStart.Cookie);
                    at = next < 0 ? -1 : at + 8 + next;
                }
    }

    /// <summary>3.8 and 3.9 linked statically and stripped of even their dynamic symbols: nothing is left but the pointers themselves.</summary>
    private IEnumerable<RuntimeCandidate> ByChase()
    {
        foreach (var image in images)
        {
            if (!PythonBanner.TryFind(process, image, out var banner) || banner.IsPyPy)
                continue;
            var layouts = CPythonLayout.All.Where(l => l.Version.IsSameMinorAs(banner.Version)).Take(1);
            foreach (var layout in layouts)
                foreach (var address in ChaseIn(image, layout))
                    yield return new RuntimeCandidate(address, 0, image, RuntimeEvidence.Chase);
        }
    }

    private IEnumerable<TargetAddress> ChaseIn(LoadedImage image, CPythonLayout layout)
    {
        foreach (var piece in process.ReadPresent([.. image.Writable], layout.PyRuntimeState.Size))
            for (var at = 0; at + layout.PyRuntimeState.interpreters_main + 8 <= piece.Bytes.Length; at += 8)
                if (LooksLikeRuntime(piece.Bytes.Span[at..], layout, out var interpreter)
                    && InterpreterList.IsInterpreter(process.Memory, interpreter, layout))
                    yield return piece.Address + at;
    }

    /// <summary>Up and running, and with one interpreter, which nearly always is so, its first is its main one.</summary>
    private static bool LooksLikeRuntime(ReadOnlySpan<byte> bytes, CPythonLayout layout, out TargetAddress interpreter)
    {
        var first = BitConverter.ToUInt64(bytes[layout.PyRuntimeState.interpreters_head..]);
        interpreter = new TargetAddress(first);
        return first != 0
            && first == BitConverter.ToUInt64(bytes[layout.PyRuntimeState.interpreters_main..])
            && BitConverter.ToInt32(bytes[layout.PyRuntimeState.core_initialized..]) == 1
            && BitConverter.ToInt32(bytes[layout.PyRuntimeState.initialized..]) == 1;
    }
}
