using Hognose.Diagnostics;

namespace Hognose.WheelMaker;

/// <summary>The tag of PEP 600: the oldest glibc on which every binary loads.</summary>
internal static class PlatformTag
{
    /// <summary>Of what manylinux grants every wheel, the part that we have use for.</summary>
    private static readonly HashSet<string> Granted = ["libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1", "ld-linux-x86-64.so.2"];

    /// <summary>glibc 2.17, the oldest that a tag of this form is in use for.</summary>
    private static readonly Version Oldest = new(2, 17);

    /// <exception cref="CannotContinueException">A binary needs what manylinux doesn't grant.</exception>
    public static string Of(IEnumerable<WheelEntry> binaries)
    {
        var glibc = Oldest;
        foreach (var binary in binaries)
        {
            var needs = ElfNeeds.Of(binary.Content, binary.Path);
            if (needs.Libraries.Except(Granted).FirstOrDefault() is { } stranger)
                throw new CannotContinueException($"{binary.Path} needs {stranger}, which manylinux does not grant", "link it statically");
            foreach (var version in needs.Versions)
                glibc = Later(glibc, version, binary.Path);
        }
        return $"manylinux_{glibc.Major}_{glibc.Minor}_x86_64";
    }

    private static Version Later(Version glibc, string version, string file)
    {
        if (!version.StartsWith("GLIBC_", StringComparison.Ordinal) || !Version.TryParse(version["GLIBC_".Length..], out var needed))
            throw new CannotContinueException($"{file} needs the symbol version {version}, which no tag can say", "link without it");
        return needed > glibc ? new Version(needed.Major, needed.Minor) : glibc;
    }
}
