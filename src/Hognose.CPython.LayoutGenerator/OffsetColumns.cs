namespace Hognose.CPython.LayoutGenerator;

/// <summary>
/// The one order of numbers that every version's table follows: structs by name, in each its Size and then its fields by name, a bit-field
/// followed by its shift and width. Its position in this order is a number's index in the generated data.
/// </summary>
internal sealed class OffsetColumns
{
    private const string SizeName = "Size";

    public OffsetColumns(IReadOnlyList<LayoutTable> tables)
    {
        foreach (var name in tables.SelectMany(table => table.Structs.Keys).Distinct().OrderBy(name => name, StringComparer.Ordinal))
            Structs.Add(new(name, Columns(tables, name)));
    }

    public List<KeyValuePair<string, List<string>>> Structs { get; } = [];

    /// <summary>The table's numbers in column order; -1 where the version lacks the field.</summary>
    public IEnumerable<int> Values(LayoutTable table)
    {
        foreach (var entry in Structs)
            foreach (var column in entry.Value)
                yield return Value(table, entry.Key, column);
    }

    private static List<string> Columns(IReadOnlyList<LayoutTable> tables, string name)
    {
        var columns = new List<string> { SizeName };
        var fields = tables.SelectMany(table => table.Structs.TryGetValue(name, out var found) ? found : []).ToLookup(field => field.Key, field => field.Value);
        foreach (var field in fields.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            columns.Add(field.Key);
            if (field.Any(place => place.IsBitField))
                columns.AddRange([field.Key + "_shift", field.Key + "_bits"]);
        }
        return columns;
    }

    private static int Value(LayoutTable table, string name, string column)
    {
        if (!table.Structs.TryGetValue(name, out var fields))
            return -1;
        if (column == SizeName)
            return table.Sizes[name];
        if (fields.TryGetValue(column, out var field))
            return field.Offset;
        if (column.EndsWith("_shift", StringComparison.Ordinal) && fields.TryGetValue(column.Substring(0, column.Length - 6), out var shifted))
            return shifted.Bit;
        if (column.EndsWith("_bits", StringComparison.Ordinal) && fields.TryGetValue(column.Substring(0, column.Length - 5), out var wide))
            return wide.Bits;
        return -1;
    }
}
