using Hognose.Targets.Symbols.Dwarf;

namespace Hognose.LayoutMaker.Dwarf;

/// <summary>The types of one ELF file by C name.</summary>
internal sealed class TypeIndex
{
    private readonly Dictionary<long, DwarfType> _types;
    private readonly Dictionary<string, List<DwarfType>> _byName = new(StringComparer.Ordinal);

    public TypeIndex(Dictionary<long, DwarfType> types)
    {
        _types = types;
        foreach (var type in types.Values)
        {
            var name = NameOf(type);
            if (name is null || type.IsDeclaration)
                continue;
            if (!_byName.TryGetValue(name, out var all))
                _byName[name] = all = [];
            all.Add(type);
        }
    }

    /// <summary>Every definition of "struct tag", "union tag" or of a typedef that ends at a struct.</summary>
    public IEnumerable<DwarfType> Definitions(string name)
    {
        foreach (var type in _byName.GetValueOrDefault(name, []))
            if (Composite(type) is { IsDeclaration: false } composite)
                yield return composite;
    }

    /// <summary>The struct or union behind typedefs and qualifiers, or null.</summary>
    public DwarfType? Composite(DwarfType? type)
    {
        type = Strip(type);
        return type is { IsComposite: true } ? type : null;
    }

    /// <summary>Names by which a member's type goes: each typedef on the way and the tag at its end.</summary>
    public IEnumerable<string> NamesOf(DwarfType? type)
    {
        for (; type is not null; type = IsWrapper(type) ? TypeOf(type) : null)
            if (NameOf(type) is { } name)
                yield return name;
    }

    public DwarfType? TypeOf(DwarfType type) => _types.GetValueOrDefault(type.TypeOffset);

    /// <summary>Bytes of a value of the type; 0 for a flexible array.</summary>
    public long SizeOf(DwarfType? type)
    {
        type = Strip(type);
        if (type is null)
            return 0;
        if (type.Tag == DwarfTag.PointerType)
            return 8;
        if (type.ByteSize >= 0)
            return type.ByteSize;
        if (type.Tag != DwarfTag.ArrayType)
            return 0;
        var length = type.Children.Where(child => child.Tag == DwarfTag.SubrangeType).Aggregate(1L, (product, range) => product * Math.Max(0, range.Count));
        return length * SizeOf(TypeOf(type));
    }

    private DwarfType? Strip(DwarfType? type)
    {
        while (type is not null && IsWrapper(type))
            type = TypeOf(type);
        return type;
    }

    private static bool IsWrapper(DwarfType type) =>
        type.Tag is DwarfTag.Typedef or DwarfTag.ConstType or DwarfTag.VolatileType or DwarfTag.RestrictType or DwarfTag.AtomicType;

    private static string? NameOf(DwarfType type) => (type.Tag, type.Name) switch
    {
        (_, null) => null,
        (DwarfTag.StructureType, var name) => "struct " + name,
        (DwarfTag.UnionType, var name) => "union " + name,
        (DwarfTag.Typedef, var name) => name,
        _ => null,
    };
}
