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
        var function = symbols.FunctionAt(address);
        var hasLine = symbols.TryLineAt(address, out var file, out var line);
        return new NativeSymbol(function is null ? $"+0x{address.ToString("x", CultureInfo.InvariantCulture)}" : CxxNames.Readable(function), hasLine ? file : modulePath, line)
        {
            IsEvaluation = function is not null && EvaluationLoop.Is(function),
            IsWithinEvaluation = function is not null && EvaluationLoop.IsWithin(function),
            IsNamed = function is not null,
        };
    }

    /// <summary>The program may have a root of its own; when it has gone, the file may still be there.</summary>
    private IEnumerable<string> Paths(string module)
    {
        if (!module.StartsWith('/'))
            yield break; // [vdso]
        yield return string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/root{module}");
        yield return module;
    }
}
