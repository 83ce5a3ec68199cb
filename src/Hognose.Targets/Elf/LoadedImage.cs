using Hognose.Targets.Memory;
using Hognose.Targets.Processes;

namespace Hognose.Targets.Elf;

/// <summary>The mappings of one file that begin with its first byte: an executable or library as the loader laid it out, with its .bss.</summary>
public sealed class LoadedImage
{
    private readonly List<Mapping> _mappings;

    private ulong _lastOffset;

    private LoadedImage(Mapping first) => _mappings = [first];

    public string Path => Mappings[0].Path;

    public string FileName => System.IO.Path.GetFileName(Path);

    public bool IsDeleted => Mappings[0].IsDeleted;

    public TargetAddress Start => Mappings[0].Low;

    /// <summary>Ascending; anonymous ones follow directly behind the file's last (its .bss).</summary>
    public IReadOnlyList<Mapping> Mappings => _mappings;

    public IEnumerable<Mapping> Writable => Mappings.Where(m => m.Has(MappingAccess.Read | MappingAccess.Write));

    /// <summary>Groups mappings into images. A file that is mapped in pieces without its first byte (a locale archive) is none.</summary>
    public static IReadOnlyList<LoadedImage> Find(IReadOnlyList<Mapping> mappings)
    {
        var images = new List<LoadedImage>();
        LoadedImage? current = null;
        foreach (var mapping in mappings)
        {
            if (mapping is { IsFile: true, Offset: 0 } && (current is null || !current.Continues(mapping)))
                images.Add(current = new LoadedImage(mapping));
            else if (current is not null && current.Continues(mapping))
                current.Add(mapping);
            else if (mapping.IsFile)
                current = null;
        }
        return images;
    }

    /// <summary>The loader may leave holes between the segments of a file, but its .bss follows without one.</summary>
    private bool Continues(Mapping mapping)
    {
        var last = Mappings[^1];
        return mapping.IsFile
            ? mapping.Inode == Mappings[0].Inode && mapping.Device == Mappings[0].Device && mapping.Offset >= _lastOffset && mapping.Offset > 0
            : mapping.Path.Length == 0 && mapping.Low == last.High && last.Has(MappingAccess.Write);
    }

    private void Add(Mapping mapping)
    {
        _mappings.Add(mapping);
        if (mapping.IsFile)
            _lastOffset = mapping.Offset;
    }
}
