using Hognose.CPython.Walk;

namespace Hognose.CPython.Tracing;

/// <summary>
/// Finds tracemalloc's tables where nothing names them (3.8 to 3.11, stripped): among the words of executables' and libraries' own data, those that point at a
/// hash table whose hash functions lie in an image and whose entries are traces, each with a size that an address space can hold and a traceback whose file names
/// are strings. Of several the one with the most entries.
/// </summary>
internal sealed class TraceSearch(WalkContext context)
{
    /// <summary>Of each table: a wrong one does not pass the first.</summary>
    private const int EntriesLookedAt = 200;

    private readonly TraceFileNames _names = ReaderTable.TraceFileNamesOf(context);

    /// <summary>The tables of domain 0 and of the other domains' tables; null: none, or an empty one.</summary>
    public (HashTable? Traces, HashTable? Domains) Find()
    {
        HashTable? traces = null, domains = null;
        foreach (var word in Words())
            if (HashTable.TryOpen(context, word) is { ClaimedEntries: > 0 } table)
            {
                if (AreTraces(table) && table.ClaimedEntries > (traces?.ClaimedEntries ?? 0))
                    traces = table;
                else if (AreDomains(table))
                    domains = table;
            }
        return (traces, domains);
    }

    /// <summary>An address is looked at once, however many words hold it.</summary>
    private IEnumerable<ulong> Words()
    {
        var seen = new HashSet<ulong>();
        foreach (var region in context.Regions.Where(each => each.IsImage && each.IsCopied && (each.Access & Targets.Processes.MappingAccess.Write) != 0))
            foreach (var run in region.Present)
                for (var at = run.Low; at + sizeof(ulong) <= run.High; at += sizeof(ulong))
                    if (context.Memory.U64(at) is var word && word % sizeof(ulong) == 0 && context.IsCopied(word, sizeof(ulong)) && !context.IsInImage(word) && seen.Add(word))
                        yield return word;
    }

    private bool AreTraces(HashTable table)
    {
        var looked = table.Entries().Take(EntriesLookedAt).ToList();
        return looked.Count > 0 && looked.TrueForAll(entry => Trace.TryRead(context, table.Value(entry)) is { } trace && HasText(trace));
    }

    private bool AreDomains(HashTable table)
    {
        var looked = table.Entries().Take(EntriesLookedAt).ToList();
        return table.KeyBytes == 0 && looked.Count > 0 && looked.TrueForAll(entry => HashTable.TryOpen(context, table.Value(entry)) is { } inner && AreTraces(inner));
    }

    private bool HasText(Trace trace) => Traceback.TryRead(context, trace.Traceback) is { } traceback && _names.Read(traceback.Frame(context, 0).File) is not null;
}
