namespace Hognose.LayoutMaker.Tables;

/// <summary>Size and fields of one struct of one version.</summary>
internal sealed class StructLayout(int size)
{
    public int Size { get; set; } = size;

    public SortedDictionary<string, FieldLayout> Fields { get; } = new(StringComparer.Ordinal);
}
