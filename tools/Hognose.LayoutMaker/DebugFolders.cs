using Hognose.LayoutMaker.Dwarf;

namespace Hognose.LayoutMaker;

/// <summary>Finds the debug information that a distribution ships apart from the executable, by build-id.</summary>
internal static class DebugFolders
{
    private static readonly string[] Roots = ["~/.cache/hognose/pythons/debug/usr/lib/debug", "/usr/lib/debug"];

    /// <summary>The file itself when it carries debug information, else its debug file, else null.</summary>
    public static ElfSections? Open(string path)
    {
        var elf = ElfSections.Load(path);
        if (elf.HasDebugInfo || elf.BuildId is null)
            return elf.HasDebugInfo ? elf : null;
        var name = $".build-id/{elf.BuildId[..2]}/{elf.BuildId[2..]}.debug";
        var found = Roots.Prepend(BesideTree(path)).Select(root => Path.Combine(HomeFolder.Expand(root), name)).FirstOrDefault(File.Exists);
        return found is null ? null : ElfSections.Load(found);
    }

    /// <summary>The debug folder of the unpacked tree that the file is in: "X/usr/lib/debug" for "X/usr/bin/python3.14".</summary>
    private static string BesideTree(string path) => path[..(path.LastIndexOf("/usr/", StringComparison.Ordinal) + 1)] + "usr/lib/debug";
}
