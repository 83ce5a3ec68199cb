namespace Hognose.CPython.Walk;

/// <summary>Equal parts of the objects, one a worker.</summary>
internal static class WalkParts
{
    /// <summary>Smaller heaps are not worth a second thread.</summary>
    private const int FewObjects = 1 << 16;
    private const int MostWorkers = 8;

    public static Range[] Of(int objects)
    {
        var parts = objects < FewObjects ? 1 : Math.Clamp(Environment.ProcessorCount, 1, MostWorkers);
        return [.. Enumerable.Range(0, parts).Select(part => new Range((int)((long)objects * part / parts), (int)((long)objects * (part + 1) / parts)))];
    }
}
