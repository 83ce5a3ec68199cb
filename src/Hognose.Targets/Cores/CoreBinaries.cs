using Hognose.Targets.Elf;
using Hognose.Targets.Memory;

namespace Hognose.Targets.Cores;

/// <summary>An executable or library that the core refers to and that could not be had.</summary>
/// <param name="Path">As the process saw it.</param>
/// <param name="BuildId">Hexadecimal; empty when the core doesn't tell.</param>
/// <param name="OtherBuild">A file is there, but of another build.</param>
public readonly record struct MissingBinary(string Path, string BuildId, bool OtherBuild);

/// <summary>
/// The files behind a core's images: at the paths that the process saw, or under another root. A file is taken only when its build id, or
/// where there is none its first page, equals what the core holds: an upgraded library has other addresses.
/// </summary>
internal sealed class CoreBinaries : IDisposable
{
    private const int FirstPage = 4096;

    private readonly IMemoryReader _dumped;
    private readonly string? _root;
    private readonly Dictionary<string, MappedFile?> _opened = [];
    private readonly Dictionary<string, CoreMappedFile> _starts = [];
    private readonly Dictionary<string, MissingBinary> _missing = [];

    /// <param name="files">Of the core's notes.</param>
    /// <param name="dumped">What the core holds.</param>
    /// <param name="root">Looked into instead of "/"; null for none.</param>
    public CoreBinaries(IReadOnlyList<CoreMappedFile> files, IMemoryReader dumped, string? root)
    {
        _dumped = dumped;
        _root = root;
        foreach (var file in files)
            if (file.Offset == 0)
                _starts.TryAdd(file.Path, file);
    }

    /// <summary>Of those asked for, whose first bytes are an ELF file's as far as the core tells.</summary>
    public IReadOnlyCollection<MissingBinary> Missing => _missing.Values;

    /// <summary>Borrowed: it is closed with this.</summary>
    public MappedFile? Find(string path)
    {
        if (!_opened.TryGetValue(path, out var file))
            _opened.Add(path, file = Open(path));
        return file;
    }

    /// <summary>What <c>.PyRuntime</c> and the like are read from; the caller owns it.</summary>
    public bool TryOpen(string path, out MappedFile file)
    {
        file = Open(path)!;
        return file is not null;
    }

    public void Dispose()
    {
        foreach (var file in _opened.Values)
            file?.Dispose();
    }

    private MappedFile? Open(string path)
    {
        var start = _starts.TryGetValue(path, out var first) ? new TargetAddress(first.Low) : TargetAddress.Null;
        var buildId = start.IsNull ? "" : BuildId.Read(_dumped, start, isFile: false);
        var found = false;
        foreach (var place in Places(path, buildId))
        {
            if (!MappedFile.TryOpenPath(place, out var file))
                continue;
            found = true;
            if (IsSame(file, start, buildId))
                return file;
            file.Dispose();
        }
        _missing.TryAdd(path, new MissingBinary(path, buildId, found));
        return null;
    }

    private IEnumerable<string> Places(string path, string buildId)
    {
        // A name of the kernel's ("//anon", "[vdso]") or one that climbs out of the root is no file.
        if (!path.StartsWith('/') || path.Contains("/../", StringComparison.Ordinal))
            yield break;
        if (_root is null)
        {
            yield return path;
            yield break;
        }
        yield return _root + path;
        if (buildId.Length > 2)
            yield return $"{_root}/.build-id/{buildId[..2]}/{buildId[2..]}";
        yield return Path.Join(_root, Path.GetFileName(path));
    }

    private bool IsSame(MappedFile file, TargetAddress start, string buildId)
    {
        if (buildId.Length > 0)
            return BuildId.Read(file, TargetAddress.Null, isFile: true) == buildId;
        Span<byte> dumped = stackalloc byte[FirstPage];
        Span<byte> stored = stackalloc byte[FirstPage];
        // Without its first page in the core (coredump_filter without bit 4) there is nothing to hold it against: the path must do.
        return start.IsNull || !_dumped.TryRead(start, dumped) || (file.TryRead(TargetAddress.Null, stored) && dumped.SequenceEqual(stored));
    }
}
