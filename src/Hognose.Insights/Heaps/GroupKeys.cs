using System.IO.Enumeration;
using Hognose.Formats.Alloc;
using Hognose.Formats.Heap;
using Hognose.Heap;

namespace Hognose.Insights.Heaps;

/// <summary>The group of an object: by its type alone, by its size, or by the line that allocated it.</summary>
internal sealed class GroupKeys
{
    private const int SizeClasses = 63;

    private readonly int[] _byType;
    private readonly Places<string> _names = new();
    private readonly bool _isBySize;
    private readonly SiteKeys? _sites;

    /// <param name="types">Of the heap.</param>
    /// <param name="selection">What makes a group, and which types are wanted.</param>
    /// <param name="births">For groups by site.</param>
    public GroupKeys(TypeTable types, HeapSelection selection, HeapFileBirths? births)
    {
        _isBySize = selection.By == HeapGrouping.Size;
        _sites = selection.By == HeapGrouping.Site && births is not null ? new SiteKeys(births) : null;
        _byType = new int[types.Count];
        for (var id = 0; id < types.Count; id++)
        {
            var type = types[new TypeId(id)];
            var isWanted = selection.Types is null || FileSystemName.MatchesSimpleExpression(selection.Types, type.QualifiedName, ignoreCase: false);
            _byType[id] = isWanted ? _names.Of(selection.By == HeapGrouping.Module ? ModuleOf(type) : type.QualifiedName) : -1;
        }
    }

    public int Count => _sites is not null ? _sites.Count : _isBySize ? SizeClasses : _names.Count;

    public int Of(int node, int type, long size)
    {
        var group = _byType[type];
        if (group < 0)
            return group;
        return _sites is not null ? _sites.Of(node) : _isBySize ? ClassOf(size) : group;
    }

    /// <summary>-1 where the type does not decide.</summary>
    public int OfType(int type) => _isBySize || _sites is not null ? -1 : _byType[type];

    public string NameOf(int group) => _sites is not null ? _sites.NameOf(group)
        : _isBySize ? (1L << group).ToString(System.Globalization.CultureInfo.InvariantCulture) : _names[group];

    /// <summary>Null where groups are no lines of Python.</summary>
    public SourceFrame? SiteOf(int group) => _sites?.FrameOf(group);

    /// <summary>The exponent of the smallest power of two that is not smaller.</summary>
    private static int ClassOf(long size) => size <= 1 ? 0 : 64 - System.Numerics.BitOperations.LeadingZeroCount((ulong)(size - 1));

    private static string ModuleOf(HeapType type) => type.Module.Length == 0 ? "(not known)" : type.Module;
}
