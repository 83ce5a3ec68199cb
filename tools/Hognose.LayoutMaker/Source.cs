using System.Text.Json;
using Hognose.LayoutMaker.Tables;

namespace Hognose.LayoutMaker;

/// <summary>One entry of <c>sources.jsonc</c>.</summary>
internal sealed class Source
{
    private readonly IReadOnlyList<string> _files;

    private Source(JsonElement json)
    {
        Version = json.GetProperty("version").GetString()!;
        Baseline = json.GetProperty("baseline").GetString();
        _files = [.. json.GetProperty("files").EnumerateArray().Select(path => path.GetString()!)];
    }

    public string Version { get; }

    public string? Baseline { get; }

    /// <summary>"3.11" of "3.11.7".</summary>
    public string Minor => Version[..Version.LastIndexOf('.')];

    public static IReadOnlyList<Source> Load(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path), JsoncOptions.Document);
        return [.. document.RootElement.EnumerateArray().Select(json => new Source(json))];
    }

    /// <summary>The ELF files to read, or none when this machine lacks the build.</summary>
    public IReadOnlyList<string> Files() => [.. _files.SelectMany(Expand)];

    private static IEnumerable<string> Expand(string pattern)
    {
        pattern = HomeFolder.Expand(pattern);
        var folder = Path.GetDirectoryName(pattern)!;
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, Path.GetFileName(pattern)).Order(StringComparer.Ordinal)
            : [];
    }
}
