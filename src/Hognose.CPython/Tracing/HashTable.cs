using Hognose.CPython.Layouts;
using Hognose.CPython.Walk;

namespace Hognose.CPython.Tracing;

/// <summary>
/// A <c>_Py_hashtable_t</c> (Include/internal/pycore_hashtable.h; 3.8: Modules/hashtable.h): an array of singly linked lists. Up to 3.8 key and value stand
/// within the entry, behind its head; since then the entry points at them. Of a table in the making, or a hostile one, so much is read as hangs together.
/// </summary>
internal sealed unsafe class HashTable
{
    /// <summary>HASHTABLE_MIN_SIZE of Python/hashtable.c.</summary>
    private const ulong FewestBuckets = 16;

    private readonly WalkContext _context;
    private readonly ulong _buckets;
    private readonly long _bucketCount;
    private readonly int _next;
    private readonly int _key;
    private readonly int _value;
    private readonly bool _isInline;

    private HashTable(WalkContext context, ulong buckets, long bucketCount, ulong claimed, ulong keyBytes, ulong valueBytes)
    {
        (_context, _buckets, _bucketCount) = (context, buckets, bucketCount);
        (ClaimedEntries, KeyBytes, ValueBytes) = (claimed, keyBytes, valueBytes);
        ref readonly var entry = ref context.Layout.HashTableEntry;
        _next = entry._Py_slist_item_next;
        _isInline = entry.value == CPythonLayout.Absent;
        _key = _isInline ? entry.Size : entry.key;
        _value = _isInline ? entry.Size + (int)keyBytes : entry.value;
    }

    /// <summary>As the table says.</summary>
    public ulong ClaimedEntries { get; }

    /// <summary>Of each key and value that stands within an entry; 0 where entries point at them.</summary>
    public ulong KeyBytes { get; }

    public ulong ValueBytes { get; }

    /// <summary>Null when there can be none at that address.</summary>
    public static HashTable? TryOpen(WalkContext context, ulong address)
    {
        ref readonly var fields = ref context.Layout.HashTable;
        var at = address == 0 ? null : context.Memory.Translate(address, (ulong)fields.Size);
        if (at == null || !context.IsCopied(address, (ulong)fields.Size))
            return null;
        var buckets = TargetWords.Field(at, fields.nbuckets != CPythonLayout.Absent ? fields.nbuckets : fields.num_buckets);
        var entries = TargetWords.Field(at, fields.nentries != CPythonLayout.Absent ? fields.nentries : fields.entries);
        var (keyBytes, valueBytes) = (TargetWords.Field(at, fields.key_size), TargetWords.Field(at, fields.data_size));
        const ulong largestInline = 64; // Bytes; tracemalloc's are 16 at most.
        return ulong.IsPow2(buckets) && buckets >= FewestBuckets && buckets <= long.MaxValue && keyBytes <= largestInline && valueBytes <= largestInline
            && context.IsInImage(TargetWords.Field(at, fields.hash_func)) && context.IsInImage(TargetWords.Field(at, fields.compare_func))
            && context.Items(TargetWords.Field(at, fields.buckets), (long)buckets, sizeof(ulong)) != null
            ? new HashTable(context, TargetWords.Field(at, fields.buckets), (long)buckets, entries, keyBytes, valueBytes)
            : null;
    }

    /// <summary>The addresses of all entries. Ends whatever the lists look like: a list that runs in a circle is left when that is noticed.</summary>
    public IEnumerable<ulong> Entries()
    {
        var left = _context.Words / 2; // An entry has two words at least, and no two have the same.
        for (var bucket = 0L; bucket < _bucketCount; bucket++)
        {
            var (steps, power, former) = (0L, 1L, 0UL);
            for (var entry = _context.Memory.U64(_buckets + (ulong)bucket * sizeof(ulong)); entry != 0; entry = _context.Memory.U64(entry + (ulong)_next))
            {
                if (entry == former || --left < 0)
                    break;
                // Brent's: one address is remembered, and replaced after 1, 2, 4 … steps.
                if (++steps == power)
                    (former, power, steps) = (entry, power * 2, 0);
                yield return entry;
            }
        }
    }

    /// <summary>The first word of an entry's key.</summary>
    public ulong Key(ulong entry) => _context.Memory.U64(entry + (ulong)_key);

    /// <summary>The four bytes that follow it, of a key within its entry.</summary>
    public uint SecondKey(ulong entry) => _context.Memory.U32(entry + (ulong)_key + sizeof(ulong));

    /// <summary>Where an entry's value stands.</summary>
    public ulong Value(ulong entry) => _isInline ? entry + (ulong)_value : _context.Memory.U64(entry + (ulong)_value);
}
