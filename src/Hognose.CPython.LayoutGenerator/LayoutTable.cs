namespace Hognose.CPython.LayoutGenerator;

/// <summary>One version's structs, whole: the baseline's entries are copied in.</summary>
internal sealed class LayoutTable(string version)
{
    public string Version { get; } = version;

    public SortedDictionary<string, SortedDictionary<string, LayoutField>> Structs { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, int> Sizes { get; } = new(StringComparer.Ordinal);
}
