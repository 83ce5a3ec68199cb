namespace Hognose.CPython.LayoutGenerator;

/// <summary>
/// The one order of numbers that every version's table follows: structs by name, in each its Size and then its fields by name, a bit-field
/// followed by its shift and bits, a scalar of changing width by its width. Its position in this order is a number's index in the generated data.
/// </summary>
internal sealed class OffsetColumns
{
    private const string SizeName = "Size";
    private const string ShiftSuffix = "_shift";
    private const string BitsSuffix = "_bits";
    private const string WidthSuffix = "_width";
    private const int LargestScalar = 8;

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
                columns.AddRange([field.Key + ShiftSuffix, field.Key + BitsSuffix]);
            else if (IsOfManyWidths(field))
                columns.Add(field.Key + WidthSuffix);
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
        return Derived(fields, column, ShiftSuffix)?.Bit
            ?? Derived(fields, column, BitsSuffix)?.Bits
            ?? Derived(fields, column, WidthSuffix)?.Width
            ?? -1;
    }

    private static LayoutField? Derived(SortedDictionary<string, LayoutField> fields, string column, string suffix) =>
        column.EndsWith(suffix, StringComparison.Ordinal) && fields.TryGetValue(column.Substring(0, column.Length - suffix.Length), out var field) ? field : null;

    /// <summary>A scalar whose bytes differ between versions (3.14's ob_refcnt is 4): a reader must ask for the width.</summary>
    private static bool IsOfManyWidths(IEnumerable<LayoutField> places) =>
        places.All(place => place.Width <= LargestScalar) && places.Select(place => place.Width).Distinct().Skip(1).Any();
}
