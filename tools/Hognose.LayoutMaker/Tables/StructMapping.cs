using System.Text.Json;
using System.Text.RegularExpressions;

namespace Hognose.LayoutMaker.Tables;

/// <summary>One entry of <c>structs.jsonc</c>: our name, the C names it goes by, and which fields are kept.</summary>
internal sealed class StructMapping
{
    private readonly Regex? _fields;

    public StructMapping(string name, JsonElement json)
    {
        Name = name;
        CNames = Strings(json, "c");
        Unit = json.TryGetProperty("in", out var unit) ? unit.GetString() : null;
        Transparent = Strings(json, "transparent");
        KeepsDirect = json.TryGetProperty("direct", out var direct) && direct.GetBoolean();
        if (KeepsDirect || json.TryGetProperty("fields", out _))
            _fields = new Regex("^(?:" + string.Join('|', Strings(json, "fields").Select(Glob)) + ")$", RegexOptions.CultureInvariant);
    }

    public string Name { get; }

    /// <summary>"struct tag" or a typedef, tried in order.</summary>
    public IReadOnlyList<string> CNames { get; }

    /// <summary>End of the C source file's name when several modules use the same tag.</summary>
    public string? Unit { get; }

    /// <summary>Members of struct type whose own members count as ours, unprefixed.</summary>
    public IReadOnlyList<string> Transparent { get; }

    private bool KeepsDirect { get; }

    /// <param name="field">Flattened name.</param>
    /// <param name="isDirect">Whether it is the struct's own member, not one of a struct within it.</param>
    public bool Keeps(string field, bool isDirect) => _fields is null || (isDirect && KeepsDirect) || _fields.IsMatch(field);

    /// <summary>Reads every entry, in the file's order.</summary>
    public static IReadOnlyList<StructMapping> Load(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path), JsoncOptions.Document);
        return [.. document.RootElement.EnumerateObject().Select(entry => new StructMapping(entry.Name, entry.Value))];
    }

    private static string Glob(string pattern) => Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal);

    private static List<string> Strings(JsonElement json, string property) =>
        json.TryGetProperty(property, out var values) ? [.. values.EnumerateArray().Select(value => value.GetString()!)] : [];
}
