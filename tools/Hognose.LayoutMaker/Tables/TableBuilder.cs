using Hognose.Diagnostics;
using Hognose.LayoutMaker.Dwarf;

namespace Hognose.LayoutMaker.Tables;

/// <summary>Collects the structs of the mapping from the debug information of one build: its library or executable, and its extension modules.</summary>
internal sealed class TableBuilder
{
    private readonly IReadOnlyList<StructMapping> _mappings;
    private readonly HashSet<string> _mappedNames;
    private readonly LayoutTable _table;

    public TableBuilder(string version, IReadOnlyList<StructMapping> mappings)
    {
        _mappings = mappings;
        _mappedNames = [.. mappings.SelectMany(mapping => mapping.CNames)];
        _table = new LayoutTable(version);
    }

    /// <exception cref="CannotContinueException">One struct has two shapes in the build, so the mapping must say which source file is meant.</exception>
    public void Add(ElfSections elf)
    {
        var types = new TypeIndex(new DwarfReader(elf).ReadTypes());
        var flattener = new StructFlattener(types, _mappedNames);
        foreach (var mapping in _mappings)
            foreach (var definition in Definitions(types, mapping))
                Merge(mapping, flattener.Flatten(definition, mapping), elf.Path);
    }

    public LayoutTable Build() => _table;

    private static List<DwarfType> Definitions(TypeIndex types, StructMapping mapping)
    {
        foreach (var name in mapping.CNames)
        {
            var found = types.Definitions(name)
                .Where(type => mapping.Unit is null || type.Unit.EndsWith(mapping.Unit, StringComparison.Ordinal))
                .ToList();
            if (found.Count > 0)
                return found;
        }
        return [];
    }

    private void Merge(StructMapping mapping, StructLayout layout, string source)
    {
        if (!_table.Structs.TryGetValue(mapping.Name, out var known))
            _table.Structs[mapping.Name] = layout;
        else if (known.Size != layout.Size || !known.Fields.SequenceEqual(layout.Fields))
            throw new CannotContinueException(
                $"{mapping.Name} ({string.Join(", ", mapping.CNames)}) has two shapes in {_table.Version}, the second in {source}",
                "name its C source file with \"in\" in structs.jsonc");
    }
}
