using Hognose.LayoutMaker.Dwarf;
using Hognose.LayoutMaker.Tables;

namespace Hognose.LayoutMaker;

/// <summary>Makes every table that this machine has the build for, keeps the others, and writes one file a minor version.</summary>
internal sealed class TableMaker(string folder, IReadOnlyList<Source> sources, TextWriter log)
{
    private readonly IReadOnlyList<StructMapping> _mappings = StructMapping.Load(Path.Combine(folder, "structs.jsonc"));

    /// <returns>False when <paramref name="isCheck"/> and a file differs from what it should be.</returns>
    public bool Run(IReadOnlySet<string> only, bool isCheck)
    {
        var known = TableFile.Load(sources.Select(source => FileOf(source.Minor)).Distinct().Where(File.Exists));
        var made = new Dictionary<string, LayoutTable>(StringComparer.Ordinal);
        foreach (var source in sources)
            if (TableOf(source, only, known) is { } table)
                made[source.Version] = table;
        var same = true;
        foreach (var group in sources.Where(source => made.ContainsKey(source.Version)).GroupBy(source => source.Minor))
            same &= Store(group.Key, TableFile.Write(group.Key, group.Select(source => made[source.Version]), made), isCheck);
        return same || !isCheck;
    }

    private LayoutTable? TableOf(Source source, IReadOnlySet<string> only, Dictionary<string, LayoutTable> known)
    {
        var files = only.Count == 0 || only.Contains(source.Version) ? source.Files() : [];
        var table = files.Count > 0 ? Make(source, files) : null;
        if (table is null)
        {
            table = known.GetValueOrDefault(source.Version);
            log.WriteLine($"{source.Version}: {(table is null ? "no debug information on this machine, no table" : "kept")}");
        }
        table?.Baseline = source.Baseline;
        return table;
    }

    private LayoutTable? Make(Source source, IReadOnlyList<string> files)
    {
        var builder = new TableBuilder(source.Version, _mappings);
        var table = builder.Build();
        if (DebugFolders.Open(files[0]) is not { } main)
            return null;
        builder.Add(main);
        var modules = files.Skip(1).Select(DebugFolders.Open).OfType<ElfSections>().ToList();
        modules.ForEach(builder.Add);
        table.Provenance.Add($"DWARF of {Path.GetFileName(files[0])}, build-id {main.BuildId ?? "none"}, and of {modules.Count} extension modules");
        log.WriteLine($"{source.Version}: {table.Structs.Count} structs, {table.Structs.Values.Sum(layout => layout.Fields.Count)} fields from {files.Count} files");
        foreach (var mapping in _mappings.Where(mapping => !table.Structs.ContainsKey(mapping.Name)))
            log.WriteLine($"  not in this version: {mapping.Name}");
        return table;
    }

    private bool Store(string minor, string text, bool isCheck)
    {
        var path = FileOf(minor);
        var same = File.Exists(path) && File.ReadAllText(path) == text;
        if (same)
            return true;
        log.WriteLine($"{path}: {(isCheck ? "differs" : "written")}");
        if (!isCheck)
            File.WriteAllText(path, text);
        return false;
    }

    private string FileOf(string minor) => Path.Combine(folder, $"cpython-{minor}.jsonc");
}
