using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Hognose.WheelMaker;

/// <summary>Where the parts of a wheel lie.</summary>
/// <param name="Build">The folder with the tool and the agent.</param>
/// <param name="Extension">The extension module's library.</param>
/// <param name="Repository">The checkout, for the package, README and licence.</param>
internal sealed record WheelSources(string Build, string Extension, string Repository);

internal sealed record WheelEntry(string Path, byte[] Content, bool IsExecutable = false);

/// <summary>A wheel (PyPA's "binary distribution format" 1.0): its file name and its files, the record of them last.</summary>
internal sealed record Wheel(string FileName, IReadOnlyList<WheelEntry> Entries)
{
    private static readonly string[] PackageFiles = ["*.py", "*.pyi", "py.typed"];

    public static string Version => typeof(Wheel).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static Wheel Of(WheelSources sources)
    {
        var data = $"hognose-{Version}.data";
        var info = $"hognose-{Version}.dist-info";
        List<WheelEntry> binaries =
        [
            new("hognose/_hognose.so", File.ReadAllBytes(sources.Extension), IsExecutable: true),
            new($"{data}/scripts/hognose", File.ReadAllBytes(Path.Combine(sources.Build, "hognose")), IsExecutable: true),
            new($"{data}/data/lib/hognose/hognose_agent.so", File.ReadAllBytes(Path.Combine(sources.Build, "hognose_agent.so")), IsExecutable: true),
        ];
        var tag = $"py3-none-{PlatformTag.Of(binaries)}";
        List<WheelEntry> entries =
        [
            .. binaries,
            .. Package(Path.Combine(sources.Repository, "python", "hognose"), "hognose/"),
            new($"{info}/METADATA", Utf8(Metadata(sources.Repository))),
            // pytest loads the plugin by itself wherever the wheel is installed.
            new($"{info}/entry_points.txt", Utf8("[pytest11]\nhognose = hognose._pytest\n")),
            new($"{info}/WHEEL", Utf8($"Wheel-Version: 1.0\nGenerator: hognose {Version}\nRoot-Is-Purelib: false\nTag: {tag}\n")),
            new($"{info}/licenses/LICENSE", File.ReadAllBytes(Path.Combine(sources.Repository, "LICENSE"))),
        ];
        return Whole($"hognose-{Version}-{tag}.whl", info, entries);
    }

    /// <summary>Sorts the files and adds the record of them.</summary>
    public static Wheel Whole(string fileName, string info, List<WheelEntry> entries)
    {
        entries.Sort((left, right) => string.CompareOrdinal(left.Path, right.Path));
        entries.Add(new($"{info}/RECORD", Utf8(Record(entries, $"{info}/RECORD"))));
        return new Wheel(fileName, entries);
    }

    /// <param name="folder">Where the package's files lie.</param>
    /// <param name="place">The folder in the wheel, with a slash behind it; empty for top-level modules.</param>
    public static IEnumerable<WheelEntry> Package(string folder, string place) =>
        from pattern in PackageFiles
        from file in Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories)
        select new WheelEntry($"{place}{Path.GetRelativePath(folder, file)}", File.ReadAllBytes(file));

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static string Metadata(string repository) =>
        $"""
        Metadata-Version: 2.1
        Name: hognose
        Version: {Version}
        Summary: A memory debugger for Python: who allocated it, who holds it
        License: MIT
        Classifier: License :: OSI Approved :: MIT License
        Classifier: Operating System :: POSIX :: Linux
        Classifier: Programming Language :: Python :: Implementation :: CPython
        Classifier: Topic :: Software Development :: Debuggers
        Classifier: Typing :: Typed
        Requires-Python: >=3.8
        Description-Content-Type: text/markdown

        {File.ReadAllText(Path.Combine(repository, "README.md"))}
        """.ReplaceLineEndings("\n");

    private static string Record(IEnumerable<WheelEntry> entries, string own)
    {
        var text = new StringBuilder();
        foreach (var entry in entries)
            text.Append(CultureInfo.InvariantCulture, $"{entry.Path},sha256={Hash(entry.Content)},{entry.Content.Length}\n");
        return text.Append(own).Append(",,\n").ToString();
    }

    private static string Hash(byte[] content) => Convert.ToBase64String(SHA256.HashData(content)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
