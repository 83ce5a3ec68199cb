using System.Runtime.InteropServices;
using Hognose.CPython.Versions;

namespace Hognose.CPython.Layouts;

/// <summary>
/// Offsets in bytes of every C struct of one full version: <c>layout.PyTypeObject.tp_flags</c>, <c>layout.PyTypeObject.Size</c>,
/// <c>layout.PyRuntimeState.allocators_standard_raw_malloc</c>. A struct or field that the version lacks is <see cref="Absent"/>.
/// A bit-field is its storage unit's offset, with <c>_shift</c> and <c>_bits</c> beside it;
/// where a scalar's width changed between versions, <c>_width</c> (bytes) stands beside it. A read costs one load: there is no dictionary.
/// </summary>
public sealed partial class CPythonLayout
{
    /// <summary>Offset, shift or size of what a version does not have.</summary>
    public const int Absent = -1;

    /// <summary>Built only when a layout is asked by name.</summary>
    private static readonly Lazy<Dictionary<string, int>> Indexes = new(
        () => LayoutNames.All.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal));

    private readonly AllOffsets _offsets;

    private CPythonLayout(PythonVersion version, ReadOnlySpan<int> numbers)
    {
        Version = version;
        _offsets = MemoryMarshal.Read<AllOffsets>(MemoryMarshal.AsBytes(numbers));
    }

    /// <summary>The version whose table this is; the target's may be another micro release.</summary>
    public PythonVersion Version { get; }

    /// <summary>Every version with a table of its own, oldest first.</summary>
    public static IReadOnlyList<CPythonLayout> All { get; } = LoadAll();

    /// <summary>"PyTypeObject.tp_flags" and so on, in the order of <see cref="Numbers"/>.</summary>
    public static IReadOnlyList<string> Names => LayoutNames.All;

    /// <summary>All numbers of the layout, for tests that go over every field.</summary>
    public ReadOnlySpan<int> Numbers =>
        MemoryMarshal.Cast<AllOffsets, int>(new ReadOnlySpan<AllOffsets>(in _offsets));

    /// <summary>The number named "Struct.field": a dictionary look-up, for messages, validation and tests.</summary>
    /// <exception cref="ArgumentException">No version has such a field.</exception>
    public int this[string name] => Numbers[IndexOf(name)];

    /// <summary>A layout equal to this one but for the given numbers: what a target says of itself wins over our table.</summary>
    public CPythonLayout With(IEnumerable<KeyValuePair<string, int>> overrides)
    {
        var numbers = Numbers.ToArray();
        foreach (var (name, value) in overrides)
            numbers[IndexOf(name)] = value;
        return new CPythonLayout(Version, numbers);
    }

    private static int IndexOf(string name) => Indexes.Value.TryGetValue(name, out var index)
        ? index
        : throw new ArgumentException($"no layout names {name}", nameof(name));

    private static CPythonLayout[] LoadAll()
    {
        var layouts = new CPythonLayout[LayoutTables.Versions.Length];
        for (var i = 0; i < layouts.Length; i++)
            layouts[i] = new CPythonLayout(VersionOf(LayoutTables.Versions[i]), LayoutTables.Of(i));
        Array.Sort(layouts, (left, right) => left.Version.CompareTo(right.Version));
        return layouts;
    }

    private static PythonVersion VersionOf(string text) => PythonVersion.TryParse(text, out var version)
        ? version
        : throw new InvalidOperationException($"the layout data names the version {text}");
}
