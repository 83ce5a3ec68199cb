using Hognose.Targets.Cores;
using Hognose.Targets.Elf;
using Hognose.Targets.Memory;
using Hognose.Targets.Symbols.Dwarf;

namespace Hognose.Targets.Symbols;

/// <summary>
/// Names of the places of one executable or library, from its file, or from the debug file that a distribution keeps apart, found by build id
/// (/usr/lib/debug/.build-id) or by the name in <c>.gnu_debuglink</c>. A file of another build id is not believed.
/// </summary>
public sealed class ModuleSymbols
{
    private const string DebugFolder = "/usr/lib/debug";
    private const int LongestLink = 4096;

    private readonly FunctionTable? _functions;
    private readonly LineTable? _lines;
    private readonly DebugInfo? _info;

    private ModuleSymbols(FunctionTable? functions, LineTable? lines, DebugInfo? info) => (_functions, _lines, _info) = (functions, lines, info);

    private static ModuleSymbols Read(SectionTable sections) => new(FunctionTable.Read(sections), LineTable.TryRead(sections), DebugInfo.TryRead(sections));

    /// <param name="paths">Where the file may be; the first that is it.</param>
    /// <param name="buildId">Hexadecimal; empty: it has none.</param>
    public static ModuleSymbols Open(IEnumerable<string> paths, string buildId)
    {
        foreach (var path in paths)
        {
            if (!MappedFile.TryOpenPath(path, out var file))
                continue;
            using (file)
            {
                if (BuildId.Read(file, TargetAddress.Null, isFile: true) != buildId)
                    continue;
                var sections = SectionTable.Read(file);
                if (OpenDebug(DebugPaths(path, sections, buildId), buildId) is not { } apart)
                    return Read(sections);
                var functions = apart._functions is { Count: > 0 } ? apart._functions : FunctionTable.Read(sections);
                return new ModuleSymbols(functions, apart._lines ?? LineTable.TryRead(sections), apart._info ?? DebugInfo.TryRead(sections));
            }
        }
        // The file may be gone while its debug file is there.
        return OpenDebug(DebugPaths("", null, buildId), buildId) ?? new ModuleSymbols(null, null, null);
    }

    /// <summary>
    /// The functions that an address is a part of, the innermost first: those that the compiler put into their callers, then the one that the linker knows. Each outer one has the
    /// line of its call.
    /// </summary>
    /// <returns>At least one.</returns>
    public IReadOnlyList<SourcePlace> PlacesAt(ulong address)
    {
        var function = FunctionAt(address);
        _ = TryLineAt(address, out var file, out var line);
        var calls = _info?.CallsAt(address) ?? [];
        var places = new SourcePlace[calls.Count + 1];
        for (var i = 0; i < calls.Count; i++)
        {
            places[i] = new SourcePlace(calls[i].Function, file, line);
            (file, line) = (_lines?.FileOf(calls[i].StatementList, calls[i].File) ?? "", calls[i].Line);
        }
        places[^1] = new SourcePlace(function, file, line);
        return places;
    }

    /// <summary>Null: nobody knows. One that was put into its caller is its caller.</summary>
    public string? FunctionAt(ulong address) => _functions?.NameOf(address);

    /// <summary>False: there is no debug information of it.</summary>
    public bool TryLineAt(ulong address, out string file, out int line)
    {
        (file, line) = ("", 0);
        return _lines is not null && _lines.TryFind(address, out file, out line);
    }

    private static ModuleSymbols? OpenDebug(IEnumerable<string> paths, string buildId)
    {
        foreach (var path in paths)
        {
            if (buildId.Length == 0 || !MappedFile.TryOpenPath(path, out var file))
                continue;
            using (file)
            {
                if (BuildId.Read(file, TargetAddress.Null, isFile: true) != buildId)
                    continue;
                return Read(SectionTable.Read(file));
            }
        }
        return null;
    }

    /// <summary>As GDB looks ("Debugging Information in Separate Files").</summary>
    private static IEnumerable<string> DebugPaths(string path, SectionTable? sections, string buildId)
    {
        if (buildId.Length > 2)
            yield return $"{DebugFolder}/.build-id/{buildId[..2]}/{buildId[2..]}.debug";
        var link = sections is null ? "" : SectionTable.TextAt(sections.Contents(".gnu_debuglink", LongestLink), 0);
        if (link.Length == 0 || link.Contains('/', StringComparison.Ordinal) || Path.GetDirectoryName(path) is not { Length: > 0 } folder)
            yield break;
        yield return $"{folder}/{link}";
        yield return $"{folder}/.debug/{link}";
        yield return $"{DebugFolder}{folder}/{link}";
    }
}

/// <summary>A place in C code.</summary>
/// <param name="Function">As the linker knows it; null: nobody knows.</param>
/// <param name="File">Empty: not known.</param>
/// <param name="Line">0: not known.</param>
public readonly record struct SourcePlace(string? Function, string File, int Line);
