using Hognose.Targets.Cores;
using Hognose.Targets.Elf;
using Hognose.Targets.Memory;

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

    private ModuleSymbols(FunctionTable? functions, LineTable? lines) => (_functions, _lines) = (functions, lines);

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
                return OpenDebug(DebugPaths(path, sections, buildId), buildId) is { } apart
                    ? new ModuleSymbols(apart._functions is { Count: > 0 } ? apart._functions : FunctionTable.Read(sections), apart._lines ?? LineTable.TryRead(sections))
                    : new ModuleSymbols(FunctionTable.Read(sections), LineTable.TryRead(sections));
            }
        }
        // The file may be gone while its debug file is there.
        return OpenDebug(DebugPaths("", null, buildId), buildId) ?? new ModuleSymbols(null, null);
    }

    /// <summary>Null: nobody knows.</summary>
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
                var sections = SectionTable.Read(file);
                return new ModuleSymbols(FunctionTable.Read(sections), LineTable.TryRead(sections));
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
