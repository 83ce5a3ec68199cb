using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Hognose.LayoutMaker.Tests;

public sealed class GeneratorTests
{
    private const string Good = """
        // a comment
        { "minor": "3.8", "tables": [ { "version": "3.8.18", "baseline": null, "provenance": [], "structs": {
          "Head": { "Size": 16, "next": [0, 8], "kind": [8, 4, 2, 3], "object": [12, 4], }, }, },
          { "version": "3.8.19", "baseline": "3.8.18", "provenance": [], "structs": { "Head": { "next": null, "object": [12, 2] } } } ] }
        """;

    [Fact]
    public void A_table_becomes_structs_of_offsets()
    {
        var run = Run(out _, ("cpython-3.8.jsonc", Good)).GetRunResult();

        Assert.Empty(run.Diagnostics);
        var text = string.Concat(run.GeneratedTrees.Select(tree => tree.ToString()));
        Assert.All(run.GeneratedTrees, tree => Assert.Empty(tree.GetDiagnostics(TestContext.Current.CancellationToken)));
        // Size, kind, kind_shift, kind_bits, next, object, object_width
        Assert.Contains("Table0 => [16,8,2,3,0,12,4];", text, StringComparison.Ordinal);
        Assert.Contains("Table1 => [16,8,2,3,-1,12,2];", text, StringComparison.Ordinal);
        Assert.Contains("public readonly int @object;", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_whose_name_ends_as_a_derived_number_does_is_itself()
    {
        const string tables = """
            { "tables": [ { "version": "3.13.0", "baseline": null, "structs": { "Frame": { "Size": 16, "code": [8, 8] } } },
              { "version": "3.14.0", "baseline": "3.13.0", "structs": { "Frame": { "code_bits": [8, 8] } } } ] }
            """;
        var text = string.Concat(Run(out _, ("cpython-3.13.jsonc", tables)).GetRunResult().GeneratedTrees.Select(tree => tree.ToString()));

        // Size, code, code_bits
        Assert.Contains("Table0 => [16,8,-1];", text, StringComparison.Ordinal);
        Assert.Contains("Table1 => [16,8,8];", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "tables": [ """, "a value is expected", 0)]
    [InlineData("{ \"tables\":\n [ }", "a value is expected", 1)]
    [InlineData("""{ "tables": [ { "version": "3.8.18", "baseline": "3.7.0", "structs": {} } ] }""", "names the baseline 3.7.0", 0)]
    [InlineData("""{ "tables": [ { "version": "3.8.18", "baseline": null, "structs": { "S": { "a": [0, 8] } } } ] }""", "has no Size", 0)]
    [InlineData("""{ "tables": [ { "version": "3.8.18", "baseline": null, "structs": { "S": { "Size": 8, "a": [-1, 8] } } } ] }""", "no offset", 0)]
    [InlineData("""{ "tables": [ { "version": "3.8.18", "baseline": null, "structs": { "S": { "Size": 8, "a": [9223372036854775807, 8] } } } ] }""", "no offset", 0)]
    [InlineData("""{ "tables": [ { "version": "3.8.18", "baseline": null, "structs": { "S; evil": { "Size": 8 } } } ] }""", "is no name", 0)]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "nested too deep", 0)]
    public void Malformed_data_is_an_error_with_its_place(string text, string problem, int line)
    {
        var diagnostic = Assert.Single(Run(out _, ("cpython-3.8.jsonc", text)).GetRunResult().Diagnostics);

        Assert.Equal("HGL001", diagnostic.Id);
        Assert.Contains(problem, diagnostic.GetMessage(null), StringComparison.Ordinal);
        Assert.Equal("cpython-3.8.jsonc", diagnostic.Location.GetLineSpan().Path);
        Assert.Equal(line, diagnostic.Location.GetLineSpan().StartLinePosition.Line);
    }

    [Fact]
    public void Missing_data_is_an_error() =>
        Assert.Equal("HGL002", Assert.Single(Run(out _).GetRunResult().Diagnostics).Id);

    [Fact]
    public void An_edit_of_code_generates_nothing_anew()
    {
        var driver = Run(out var compilation, ("cpython-3.8.jsonc", Good));
        var edited = compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText("class Edited;", cancellationToken: TestContext.Current.CancellationToken));

        var result = driver.RunGenerators(edited, TestContext.Current.CancellationToken).GetRunResult().Results.Single();

        var reasons = result.TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(step => step.Outputs).Select(output => output.Reason);
        Assert.All(reasons, reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
        Assert.NotEmpty(reasons);
    }

    private static GeneratorDriver Run(out CSharpCompilation compilation, params (string Path, string Text)[] files)
    {
        compilation = CSharpCompilation.Create("Made.Up");
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new CPython.LayoutGenerator.LayoutGenerator().AsSourceGenerator()],
            files.Select(file => (AdditionalText)new TextFile(file.Path, file.Text)),
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
        return driver.RunGenerators(compilation);
    }

    private sealed class TextFile(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }
}
