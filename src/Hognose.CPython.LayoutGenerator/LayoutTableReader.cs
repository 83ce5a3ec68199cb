namespace Hognose.CPython.LayoutGenerator;

/// <summary>Turns the parsed data files into whole tables, and refuses what is not a table.</summary>
internal sealed class LayoutTableReader
{
    private const int LargestStruct = 1 << 24;
    private readonly Dictionary<string, LayoutTable> _tables = new(StringComparer.Ordinal);

    /// <summary>Tables in the order of their versions' appearance.</summary>
    public List<LayoutTable> Tables { get; } = [];

    public void Add(string text)
    {
        var root = Members(JsoncReader.Parse(text), "the file");
        foreach (var table in Items(Required(root, "tables"), "tables"))
            AddTable(Members(table, "a table"));
    }

    private void AddTable(List<KeyValuePair<string, object?>> json)
    {
        var version = Required(json, "version") as string ?? throw Malformed("version is not a string");
        var table = new LayoutTable(version);
        if (Required(json, "baseline") is string baseline)
            CopyBaseline(table, baseline);
        foreach (var entry in Members(Required(json, "structs"), "structs"))
            ReadStruct(table, entry.Key, entry.Value);
        if (_tables.ContainsKey(version))
            throw Malformed($"{version} has two tables");
        _tables[version] = table;
        Tables.Add(table);
    }

    private void CopyBaseline(LayoutTable table, string baseline)
    {
        if (!_tables.TryGetValue(baseline, out var before))
            throw Malformed($"{table.Version} names the baseline {baseline}, which has no table before it");
        foreach (var entry in before.Structs)
            table.Structs[entry.Key] = new(entry.Value, StringComparer.Ordinal);
        foreach (var size in before.Sizes)
            table.Sizes[size.Key] = size.Value;
    }

    private static void ReadStruct(LayoutTable table, string name, object? json)
    {
        if (!IsIdentifier(name))
            throw Malformed($"{name} is no name");
        if (json is null)
        {
            table.Structs.Remove(name);
            table.Sizes.Remove(name);
            return;
        }
        if (!table.Structs.TryGetValue(name, out var fields))
            table.Structs[name] = fields = new(StringComparer.Ordinal);
        foreach (var field in Members(json, name))
            if (field.Key == "Size")
                table.Sizes[name] = Number(field.Value, name);
            else if (field.Value is null)
                fields.Remove(field.Key);
            else
                fields[field.Key] = ReadField(field.Value, $"{name}.{field.Key}");
        if (!table.Sizes.ContainsKey(name))
            throw Malformed($"{name} of {table.Version} has no Size");
    }

    private static LayoutField ReadField(object json, string name)
    {
        var numbers = Items(json, name).ConvertAll(item => Number(item, name));
        if (numbers.Count is not (2 or 4) || !IsIdentifier(name.Substring(name.IndexOf('.') + 1)))
            throw Malformed($"{name} is neither [offset, width] nor [offset, width, bit, bits]");
        return numbers.Count == 2
            ? new LayoutField(numbers[0], numbers[1], -1, 0)
            : new LayoutField(numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    private static int Number(object? json, string where) =>
        json is long number and >= 0 and <= LargestStruct ? (int)number : throw Malformed($"{where} holds something that is no offset");

    private static bool IsIdentifier(string name) =>
        name.Length > 0 && !char.IsDigit(name[0]) && name.All(letter => letter == '_' || (letter < 128 && char.IsLetterOrDigit(letter)));

    private static object? Required(List<KeyValuePair<string, object?>> json, string name)
    {
        foreach (var member in json)
            if (member.Key == name)
                return member.Value;
        throw Malformed($"{name} is missing");
    }

    private static List<KeyValuePair<string, object?>> Members(object? json, string where) =>
        json as List<KeyValuePair<string, object?>> ?? throw Malformed($"{where} is no object");

    private static List<object?> Items(object? json, string where) => json as List<object?> ?? throw Malformed($"{where} is no list");

    private static JsoncException Malformed(string problem) => new(problem, -1);
}
