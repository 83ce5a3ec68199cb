using Hognose.CPython.Objects;
using Hognose.CPython.Walk;

namespace Hognose.CPython.Naming;

/// <summary>The few dicts of the runtime and of threading that are read by key.</summary>
internal sealed unsafe class DictEntries(WalkContext context, DictShape dicts)
{
    private readonly UnicodeText _text = new(context);

    /// <summary>Entries whose key is a str.</summary>
    public List<(string Key, ulong Value)> OfText(ulong dict) =>
        [.. Of(dict).Select(entry => (Key: _text.Read(entry.Key), entry.Value)).Where(entry => entry.Key is not null).Select(entry => (entry.Key!, entry.Value))];

    public List<(ulong Key, ulong Value)> Of(ulong dict)
    {
        var entries = new List<(ulong, ulong)>();
        if (dict == 0 || !dicts.TryKeys(context.Memory.U64(dict + (ulong)dicts.MaKeys), out var keys))
            return entries;
        var split = context.Memory.U64(dict + (ulong)dicts.MaValues);
        var values = split == 0 ? 0 : dicts.ValuesOf(split);
        for (long i = 0; i < keys.Count; i++)
            if ((values != 0 ? context.Memory.U64(values + ((ulong)i * 8)) : keys.Value(i)) is var value and not 0 && keys.Key(i) != 0)
                entries.Add((keys.Key(i), value));
        return entries;
    }
}
