using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Hognose.LayoutMaker.Tables;

/// <summary>
/// Reads and writes <c>cpython-3.X.jsonc</c>. A table names its baseline and holds only what differs: a struct or field that the version
/// lacks is null. A field is [offset, width] in bytes; a bit-field [offset of its storage unit, width of the unit, lowest bit, bits].
/// </summary>
internal static class TableFile
{
    private const string Head =
        """
        // Made by tools/Hognose.LayoutMaker: do not edit, run it again and review the difference.
        // A table holds only what differs from its baseline. Field: [offset, width] in bytes; bit-field: [offset, width, lowest bit, bits]; null: not there.

        """;

    /// <summary>Every table of the files, whole: baselines resolved.</summary>
    public static Dictionary<string, LayoutTable> Load(IEnumerable<string> paths)
    {
        var tables = new Dictionary<string, LayoutTable>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path), JsoncOptions.Document);
            foreach (var json in document.RootElement.GetProperty("tables").EnumerateArray())
            {
                var table = Read(json, tables);
                tables[table.Version] = table;
            }
        }
        return tables;
    }

    public static string Write(string minor, IEnumerable<LayoutTable> tables, IReadOnlyDictionary<string, LayoutTable> all)
    {
        var text = new StringBuilder(Head);
        text.Append(CultureInfo.InvariantCulture, $"{{\n  \"minor\": \"{minor}\",\n  \"tables\": [\n");
        foreach (var table in tables)
            WriteTable(text, table, table.Baseline is null ? null : all[table.Baseline]);
        return text.Append("  ]\n}\n").ToString();
    }

    private static LayoutTable Read(JsonElement json, Dictionary<string, LayoutTable> known)
    {
        var table = new LayoutTable(json.GetProperty("version").GetString()!) { Baseline = json.GetProperty("baseline").GetString() };
        table.Provenance.AddRange(json.GetProperty("provenance").EnumerateArray().Select(line => line.GetString()!));
        if (table.Baseline is not null)
            foreach (var (name, layout) in known[table.Baseline].Structs)
                table.Structs[name] = Copy(layout);
        foreach (var entry in json.GetProperty("structs").EnumerateObject())
            ReadStruct(table, entry);
        return table;
    }

    private static void ReadStruct(LayoutTable table, JsonProperty entry)
    {
        if (entry.Value.ValueKind == JsonValueKind.Null)
        {
            table.Structs.Remove(entry.Name);
            return;
        }
        if (!table.Structs.TryGetValue(entry.Name, out var layout))
            table.Structs[entry.Name] = layout = new StructLayout(0);
        foreach (var field in entry.Value.EnumerateObject())
            if (field.Name == "Size")
                layout.Size = field.Value.GetInt32();
            else if (field.Value.ValueKind == JsonValueKind.Null)
                layout.Fields.Remove(field.Name);
            else
                layout.Fields[field.Name] = ReadField(field.Value);
    }

    private static FieldLayout ReadField(JsonElement json) => json.GetArrayLength() == 2
        ? new FieldLayout(json[0].GetInt32(), json[1].GetInt32())
        : new FieldLayout(json[0].GetInt32(), json[1].GetInt32(), json[2].GetInt32(), json[3].GetInt32());

    private static StructLayout Copy(StructLayout layout)
    {
        var copy = new StructLayout(layout.Size);
        foreach (var (name, field) in layout.Fields)
            copy.Fields[name] = field;
        return copy;
    }

    private static void WriteTable(StringBuilder text, LayoutTable table, LayoutTable? baseline)
    {
        var baselineText = baseline is null ? "null" : $"\"{baseline.Version}\"";
        var provenance = string.Join(",", table.Provenance.Select(line => $"\n        {JsonSerializer.Serialize(line, ToolJson.Default.String)}"));
        text.Append(CultureInfo.InvariantCulture, $"    {{\n      \"version\": \"{table.Version}\",\n      \"baseline\": {baselineText},\n");
        text.Append(CultureInfo.InvariantCulture, $"      \"provenance\": [{provenance}\n      ],\n      \"structs\": {{\n");
        foreach (var (name, layout) in table.Structs)
            WriteStruct(text, name, layout, baseline?.Structs.GetValueOrDefault(name));
        foreach (var name in baseline?.Structs.Keys.Where(name => !table.Structs.ContainsKey(name)) ?? [])
            text.Append(CultureInfo.InvariantCulture, $"        \"{name}\": null,\n");
        text.Append("      },\n    },\n");
    }

    private static void WriteStruct(StringBuilder text, string name, StructLayout layout, StructLayout? before)
    {
        var lines = new List<string>();
        if (before?.Size != layout.Size)
            lines.Add($"\"Size\": {layout.Size}");
        foreach (var (field, place) in ByPlace(layout))
            if (before is null || !before.Fields.TryGetValue(field, out var old) || old != place)
                lines.Add($"\"{field}\": {Text(place)}");
        foreach (var gone in before?.Fields.Keys.Where(field => !layout.Fields.ContainsKey(field)) ?? [])
            lines.Add($"\"{gone}\": null");
        if (lines.Count == 0)
            return;
        text.Append(CultureInfo.InvariantCulture, $"        \"{name}\": {{\n");
        foreach (var line in lines)
            text.Append(CultureInfo.InvariantCulture, $"          {line},\n");
        text.Append("        },\n");
    }

    private static IEnumerable<KeyValuePair<string, FieldLayout>> ByPlace(StructLayout layout) =>
        layout.Fields.OrderBy(field => field.Value.Offset).ThenBy(field => field.Value.Bit).ThenBy(field => field.Key, StringComparer.Ordinal);

    private static string Text(FieldLayout field) => field.IsBitField
        ? $"[{field.Offset}, {field.Width}, {field.Bit}, {field.Bits}]"
        : $"[{field.Offset}, {field.Width}]";
}
