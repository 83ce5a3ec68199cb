using System.Runtime.CompilerServices;

namespace Hognose.Formats.Alloc.Events;

/// <summary>
/// From (stack node, size, domain) to the place of its site. Bounded: site n takes place n mod <see cref="EventCode.SitePlaces"/> and what stood
/// there is forgotten. Open addressing, linear probing, deletion by shifting back, at most half full; 6 MB once it is full.
/// </summary>
internal sealed class SiteBook
{
    private const int Slots = EventCode.SitePlaces * 2;

    private struct Site
    {
        public ulong SizeAndDomain;
        public uint Node;
    }

    private readonly Site[] _sites = new Site[EventCode.SitePlaces];

    /// <summary>A place + 1; 0: free.</summary>
    private readonly int[] _index = new int[Slots];
    private int _next;
    private bool _full;

    /// <summary>True: the site is new, and <paramref name="place"/> is its place from now on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsNew(uint node, ulong sizeAndDomain, out int place)
    {
        var slot = Home(node, sizeAndDomain);
        for (int found; (found = _index[slot]) != 0; slot = (slot + 1) & (Slots - 1))
        {
            place = found - 1;
            ref var site = ref _sites[place];
            if (site.Node == node && site.SizeAndDomain == sizeAndDomain)
                return false;
        }
        place = Add(node, sizeAndDomain);
        return true;
    }

    private static int Home(uint node, ulong sizeAndDomain) =>
        (int)(((sizeAndDomain + ((ulong)node << 32)) * 0x9E3779B97F4A7C15) >> (64 - 19));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Add(uint node, ulong sizeAndDomain)
    {
        var place = _next;
        if (_full)
            Forget(place);
        _next = (place + 1) & (EventCode.SitePlaces - 1);
        _full |= _next == 0;
        _sites[place] = new Site { SizeAndDomain = sizeAndDomain, Node = node };
        var slot = Home(node, sizeAndDomain);
        while (_index[slot] != 0)
            slot = (slot + 1) & (Slots - 1);
        _index[slot] = place + 1;
        return place;
    }

    private void Forget(int place)
    {
        var gap = HomeOf(place);
        while (_index[gap] != place + 1)
            gap = (gap + 1) & (Slots - 1);
        for (var next = (gap + 1) & (Slots - 1); _index[next] != 0; next = (next + 1) & (Slots - 1))
        {
            if (((next - HomeOf(_index[next] - 1)) & (Slots - 1)) < ((next - gap) & (Slots - 1)))
                continue;
            _index[gap] = _index[next];
            gap = next;
        }
        _index[gap] = 0;
    }

    private int HomeOf(int place) => Home(_sites[place].Node, _sites[place].SizeAndDomain);
}
