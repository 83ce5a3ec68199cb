using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Hognose.CPython.LayoutGenerator;

/// <summary>
/// Turns <c>Layouts/cpython-3.*.jsonc</c> into plain structs of offsets. Its output depends on the text of those files and nothing else,
/// so an edit of C# code costs no generation.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class LayoutGenerator : IIncrementalGenerator
{
    private static readonly DiagnosticDescriptor Malformed = new(
        "HGL001", "Layout data is malformed", "{0}: {1}", "Hognose.Layouts", DiagnosticSeverity.Error, isEnabledByDefault: true);

    private static readonly DiagnosticDescriptor NoData = new(
        "HGL002", "No layout data", "No Layouts/cpython-3.*.jsonc reached the generator as AdditionalFiles", "Hognose.Layouts", DiagnosticSeverity.Error, isEnabledByDefault: true);

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var files = context.AdditionalTextsProvider
            .Where(static file => Path.GetFileName(file.Path).StartsWith("cpython-", StringComparison.Ordinal))
            .Select(static (file, cancel) => (file.Path, Text: file.GetText(cancel)?.ToString() ?? ""))
            .Collect();
        context.RegisterSourceOutput(files, Generate);
    }

    private static void Generate(SourceProductionContext context, ImmutableArray<(string Path, string Text)> files)
    {
        if (files.IsEmpty)
            context.ReportDiagnostic(Diagnostic.Create(NoData, Location.None));
        var reader = new LayoutTableReader();
        foreach (var (path, text) in files.OrderBy(file => MinorOf(file.Path)))
        {
            try
            {
                reader.Add(text);
            }
            catch (JsoncException problem)
            {
                context.ReportDiagnostic(Diagnostic.Create(Malformed, PlaceOf(path, text, problem.Position), Path.GetFileName(path), problem.Message));
                return;
            }
        }
        try
        {
            Write(context, new OffsetColumns(reader.Tables), reader.Tables);
        }
        catch (JsoncException problem)
        {
            context.ReportDiagnostic(Diagnostic.Create(Malformed, Location.None, "the tables together", problem.Message));
        }
    }

    private static void Write(SourceProductionContext context, OffsetColumns columns, IReadOnlyList<LayoutTable> tables)
    {
        Add(context, "Structs", LayoutSource.Structs(columns));
        Add(context, "CPythonLayout", LayoutSource.Layout(columns));
        Add(context, "LayoutTables", LayoutSource.Tables(columns, tables));
        Add(context, "LayoutNames", LayoutSource.Names(columns));
    }

    private static void Add(SourceProductionContext context, string name, string text) =>
        context.AddSource(name + ".g.cs", SourceText.From(text, Encoding.UTF8));

    /// <summary>11 of "cpython-3.11.jsonc": a baseline stands in an earlier minor's file.</summary>
    private static int MinorOf(string path)
    {
        var parts = Path.GetFileNameWithoutExtension(path).Split('.');
        return parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor) ? minor : int.MaxValue;
    }

    private static Location PlaceOf(string path, string text, int position)
    {
        if (position < 0)
            return Location.Create(path, default, default);
        var line = SourceText.From(text).Lines.GetLinePosition(Math.Min(position, text.Length));
        return Location.Create(path, new TextSpan(position, 0), new LinePositionSpan(line, line));
    }
}
