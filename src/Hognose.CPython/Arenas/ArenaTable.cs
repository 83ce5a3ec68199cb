using Hognose.CPython.Walk;
using Hognose.Targets.Memory;
using Hognose.Targets.Processes;

namespace Hognose.CPython.Arenas;

/// <summary>Where a version keeps pymalloc's table of arenas.</summary>
internal enum ArenaPlace
{
    /// <summary>Static variables, of which a stripped library has no symbol.</summary>
    Static,

    /// <summary>Within each interpreter's struct.</summary>
    InInterpreter,

    /// <summary>Behind a pointer of each interpreter's; several share the first one's.</summary>
    BehindInterpreter,
}

/// <summary>One arena as pymalloc describes it.</summary>
/// <param name="Low">What the kernel gave; pools begin at the next multiple of their size.</param>
/// <param name="Frontier">Pools from here on never held a block.</param>
internal readonly record struct Arena(ulong Low, ulong High, ulong Frontier);

/// <summary>
/// Finds pymalloc's arenas: by the interpreters' structs, or, where the table is a static variable, as the one word of the interpreter's data through which
/// the indexes in the pools' headers lead to arenas around those very pools.
/// </summary>
internal sealed unsafe class ArenaTable
{
    private const int MostSamples = 64;
    private const uint MostArenas = 1 << 24;
    private const uint PoolsPerArena = 64;

    private readonly WalkContext _context;
    private readonly PoolHeaders _headers;

    public ArenaTable(WalkContext context, PoolHeaders headers)
    {
        _context = context;
        _headers = headers;
    }

    /// <summary>Ascending; empty where there is none, as with PYTHONMALLOC=malloc.</summary>
    public List<Arena> Find(TargetAddress runtime, ArenaPlace place)
    {
        var arenas = new List<Arena>();
        if (place == ArenaPlace.Static)
            ReadStatic(arenas);
        else
            foreach (var state in States(runtime, place))
                ReadTable(
                    _context.Memory.U64(state + (ulong)_context.Layout.ObmallocState.mgmt_arenas),
                    _context.Memory.U32(state + (ulong)_context.Layout.ObmallocState.mgmt_maxarenas), arenas);
        arenas.Sort((left, right) => left.Low.CompareTo(right.Low));
        return arenas;
    }

    private HashSet<ulong> States(TargetAddress runtime, ArenaPlace place)
    {
        var offset = (ulong)_context.Layout.PyInterpreterState.obmalloc;
        var interpreters = new InterpreterStates(_context, runtime).Interpreters;
        return [.. interpreters.Select(each => place == ArenaPlace.InInterpreter ? each + offset : _context.Memory.U64(each + offset)).Where(state => state != 0)];
    }

    private void ReadTable(ulong table, uint count, List<Arena> arenas)
    {
        var layout = _context.Layout.ArenaObject;
        for (uint i = 0; i < Math.Min(count, MostArenas); i++)
        {
            var entry = table + (ulong)i * (ulong)layout.Size;
            if (!_context.IsCopied(entry, (ulong)layout.Size))
                return;
            var address = _context.Memory.U64(entry + (ulong)layout.address);
            var frontier = _context.Memory.U64(entry + (ulong)layout.pool_address);
            var size = SizeOf(_context.Memory.U32(entry + (ulong)layout.ntotalpools));
            if (address != 0 && frontier >= address && frontier <= address + size && _context.IsCopied(address, size))
                arenas.Add(new Arena(address, address + size, frontier));
        }
    }

    /// <summary>An arena that is no multiple of a pool has one pool less.</summary>
    private ulong SizeOf(uint pools) => _headers.PoolSize * (ulong)(pools > PoolsPerArena ? PoolsPerArena * 2 : PoolsPerArena);

    private void ReadStatic(List<Arena> arenas)
    {
        var samples = new List<(ulong Pool, uint Arena)>();
        uint most = 0;
        foreach (var (pool, arena) in Pools())
        {
            most = Math.Max(most, arena);
            if (samples.Count < MostSamples && (samples.Count == 0 || samples[^1].Arena != arena))
                samples.Add((pool, arena));
        }
        if (samples.Count > 0 && FindTable(samples) is var table and not 0)
            ReadTable(table, most + 1, arenas);
    }

    private List<(ulong Pool, uint Arena)> Pools()
    {
        var pools = new List<(ulong, uint)>();
        var free = stackalloc ulong[PoolHeaders.FreeWords];
        foreach (var region in _context.Regions.Where(region => region.IsCopied && (region.Access & MappingAccess.Write) != 0))
            foreach (var run in region.Present)
                for (var pool = (run.Low + _headers.PoolSize - 1) & ~(ulong)(_headers.PoolSize - 1); pool < run.High; pool += _headers.PoolSize)
                    if (_headers.TryRead(pool, free, out var shape))
                        pools.Add((pool, shape.Arena));
        return pools;
    }

    private ulong FindTable(List<(ulong Pool, uint Arena)> samples)
    {
        foreach (var region in _context.Regions.Where(region => region is { IsCopied: true, IsImage: true } && (region.Access & MappingAccess.Write) != 0))
            for (var at = region.Low.Value; at < region.High.Value; at += 8)
                if (_context.Memory.U64(at) is var table && table > 4096 && (table & 15) == 0 && samples.TrueForAll(sample => Holds(table, sample)))
                    return table;
        return 0;
    }

    private bool Holds(ulong table, (ulong Pool, uint Arena) sample)
    {
        var address = _context.Memory.U64(table + (ulong)sample.Arena * (ulong)_context.Layout.ArenaObject.Size + (ulong)_context.Layout.ArenaObject.address);
        return address != 0 && address <= sample.Pool && sample.Pool < address + _headers.PoolSize * PoolsPerArena;
    }
}
