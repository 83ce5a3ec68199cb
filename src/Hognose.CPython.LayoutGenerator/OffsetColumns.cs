namespace Hognose.CPython.LayoutGenerator;

/// <summary>
/// The one order of numbers that every version's table follows: structs by name, in each its Size and then its fields by name, a bit-field
/// followed by its shift and bits, a scalar of changing width by its width. Its position in this order is a number's index in the generated data.
/// </summary>
internal sealed class OffsetColumns
{
    private const int LargestScalar = 8;

    /// <exception cref="JsoncException">A field has the name that belongs to a number of another field.</exception>
    public OffsetColumns(IReadOnlyList<LayoutTable> tables)
    {
        foreach (var name in tables.SelectMany(table => table.Structs.Keys).Distinct().OrderBy(name => name, StringComparer.Ordinal))
            Structs.Add(new(name, Columns(tables, name)));
    }

    public List<KeyValuePair<string, List<OffsetColumn>>> Structs { get; } = [];

    /// <summary>The table's numbers in column order; -1 where the version lacks the field.</summary>
    public IEnumerable<int> Values(LayoutTable table)
    {
        foreach (var entry in Structs)
            foreach (var column in entry.Value)
                yield return Value(table, entry.Key, column);
    }

    private static List<OffsetColumn> Columns(IReadOnlyList<LayoutTable> tables, string name)
    {
        var columns = new List<OffsetColumn> { new("", OffsetKind.Size) };
        var fields = tables.SelectMany(table => table.Structs.TryGetValue(name, out var found) ? found : []).ToLookup(field => field.Key, field => field.Value);
        foreach (var field in fields.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            columns.Add(new(field.Key, OffsetKind.Offset));
            if (field.Any(place => place.IsBitField))
                columns.AddRange([new(field.Key, OffsetKind.Shift), new(field.Key, OffsetKind.Bits)]);
            else if (IsOfManyWidths(field))
                columns.Add(new(field.Key, OffsetKind.Width));
        }
        var twice = columns.GroupBy(column => column.Name).FirstOrDefault(group => group.Count() > 1);
        return twice is null ? columns : throw new JsoncException($"{name}.{twice.Key} is both a field and a number of another field", -1);
    }

    private static int Value(LayoutTable table, string name, OffsetColumn column)
    {
        if (!table.Structs.TryGetValue(name, out var fields))
            return -1;
        if (column.Kind == OffsetKind.Size)
            return table.Sizes[name];
        return column.ValueOf(fields.TryGetValue(column.Field, out var field) ? field : null);
    }

    /// <summary>A scalar whose bytes differ between versions (3.14's ob_refcnt is 4): a reader must ask for the width.</summary>
    private static bool IsOfManyWidths(IEnumerable<LayoutField> places) =>
        places.All(place => place.Width <= LargestScalar) && places.Select(place => place.Width).Distinct().Skip(1).Any();
}
