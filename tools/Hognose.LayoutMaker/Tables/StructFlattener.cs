using Hognose.Targets.Symbols.Dwarf;
using Hognose.LayoutMaker.Dwarf;

namespace Hognose.LayoutMaker.Tables;

/// <summary>
/// Turns a C struct into a flat list: <c>allocators.standard.raw.malloc</c> becomes <c>allocators_standard_raw_malloc</c>.
/// Anonymous structs and unions dissolve. A member whose type is a struct of the mapping keeps only its own place, since that struct has its own entry.
/// </summary>
internal sealed class StructFlattener(TypeIndex types, IReadOnlySet<string> mappedNames)
{
    public StructLayout Flatten(DwarfType composite, StructMapping mapping)
    {
        var layout = new StructLayout(checked((int)composite.ByteSize));
        Add(layout, composite, mapping, "", 0);
        return layout;
    }

    private void Add(StructLayout layout, DwarfType composite, StructMapping mapping, string prefix, long start)
    {
        foreach (var member in composite.Children.Where(child => child.Tag == DwarfTag.Member))
            AddMember(layout, member, mapping, prefix, start);
    }

    private void AddMember(StructLayout layout, DwarfType member, StructMapping mapping, string prefix, long start)
    {
        var type = types.TypeOf(member);
        var inner = types.Composite(type);
        var offset = start + member.MemberOffset;
        if (member.Name is null || (prefix.Length == 0 && mapping.Transparent.Contains(member.Name)))
        {
            if (inner is not null)
                Add(layout, inner, mapping, prefix, offset);
            return;
        }
        if (member.Name == "ob_base")
            return; // always at 0, and described by PyObject and PyVarObject
        var name = prefix + member.Name;
        if (mapping.Keeps(name, prefix.Length == 0))
            layout.Fields[name] = Place(member, type, start, offset);
        if (inner is not null && !types.NamesOf(type).Any(mappedNames.Contains))
            Add(layout, inner, mapping, name + "_", offset);
    }

    private FieldLayout Place(DwarfType member, DwarfType? type, long start, long offset)
    {
        var width = checked((int)types.SizeOf(type));
        if (member.BitSize < 0)
            return new FieldLayout(checked((int)offset), width);
        var bit = member switch
        {
            { BitOffset: >= 0 } => member.BitOffset,
            { BitOffsetFromTop: >= 0 } => member.MemberOffset * 8 + width * 8 - member.BitOffsetFromTop - member.BitSize,
            _ => member.MemberOffset * 8,
        };
        var unit = bit / (width * 8) * width;
        return new FieldLayout(checked((int)(start + unit)), width, (int)(bit - unit * 8), (int)member.BitSize);
    }
}
