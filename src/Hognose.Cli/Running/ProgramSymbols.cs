using System.Globalization;
using Hognose.CPython.Naming;
using Hognose.Recording.Ring;
using Hognose.Targets.Symbols;

namespace Hognose.Cli.Running;

/// <summary>Names places in a program's C code from the files that it has mapped, as it sees them.</summary>
internal sealed class ProgramSymbols(int processId) : INativeSymbols
{
    private readonly Dictionary<(string Module, string BuildId), ModuleSymbols> _modules = [];

    public NativeSymbol Find(string modulePath, ReadOnlySpan<byte> buildId, ulong address)
    {
        var id = Convert.ToHexStringLower(buildId);
        if (!_modules.TryGetValue((modulePath, id), out var symbols))
            _modules[(modulePath, id)] = symbols = ModuleSymbols.Open(Paths(modulePath), id);
        var places = symbols.PlacesAt(address);
        var function = places[^1].Function;
        var (isEvaluation, isWithin) = function is null ? default : (EvaluationLoop.Is(function), EvaluationLoop.IsWithin(function));
        return new NativeSymbol(ReadableOf(places[^1], address), PlaceOf(places[^1], modulePath), places[^1].Line)
        {
            IsEvaluation = isEvaluation,
            IsWithinEvaluation = isWithin,
            IsNamed = function is not null,
            // Parts of the loop are the loop, for which Python's frames stand.
            Inlined = isEvaluation || isWithin ? []
                : [.. places.Reverse().Skip(1).Select(place => new InlinedSymbol(ReadableOf(place, address), PlaceOf(place, modulePath), place.Line))],
        };
    }

    private static string ReadableOf(SourcePlace place, ulong address) =>
        place.Function is { } function ? FunctionNames.Readable(function) : string.Create(CultureInfo.InvariantCulture, $"+0x{address:x}");

    private static string PlaceOf(SourcePlace place, string modulePath) => place.File.Length > 0 ? place.File : modulePath;

    /// <summary>The program may have a root of its own; when it has gone, the file may still be there.</summary>
    private IEnumerable<string> Paths(string module)
    {
        if (!module.StartsWith('/'))
            yield break; // [vdso]
        yield return string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/root{module}");
        yield return module;
    }
}
