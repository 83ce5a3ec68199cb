namespace Hognose.LayoutMaker.Tables;

/// <summary>All structs of one full version, with nothing left to a baseline.</summary>
internal sealed class LayoutTable(string version)
{
    public string Version { get; } = version;

    /// <summary>The table whose entries hold unless this one says otherwise; null for the first.</summary>
    public string? Baseline { get; set; }

    /// <summary>Sentences on where the numbers come from.</summary>
    public List<string> Provenance { get; } = [];

    public SortedDictionary<string, StructLayout> Structs { get; } = new(StringComparer.Ordinal);
}
