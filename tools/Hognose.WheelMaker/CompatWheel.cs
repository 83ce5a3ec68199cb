namespace Hognose.WheelMaker;

/// <summary>
/// The second wheel, <c>hognose-compat</c>: the top-level names memory_profiler, mprof and pympler, for whoever replaces the originals for good.
/// A few lines of Python for any platform; everything is in the first.
/// </summary>
internal static class CompatWheel
{
    private const string Tag = "py3-none-any";

    public static Wheel Of(string repository)
    {
        var info = $"hognose_compat-{Wheel.Version}.dist-info";
        List<WheelEntry> entries =
        [
            .. Wheel.Package(Path.Combine(repository, "python", "hognose_compat"), ""),
            new($"{info}/METADATA", Wheel.Utf8(Metadata)),
            new($"{info}/WHEEL", Wheel.Utf8($"Wheel-Version: 1.0\nGenerator: hognose {Wheel.Version}\nRoot-Is-Purelib: true\nTag: {Tag}\n")),
            new($"{info}/entry_points.txt", Wheel.Utf8("[console_scripts]\nmprof = hognose.compat.mprof:main\n")),
            new($"{info}/licenses/LICENSE", File.ReadAllBytes(Path.Combine(repository, "LICENSE"))),
        ];
        return Wheel.Whole($"hognose_compat-{Wheel.Version}-{Tag}.whl", info, entries);
    }

    private static string Metadata =>
        $"""
        Metadata-Version: 2.1
        Name: hognose-compat
        Version: {Wheel.Version}
        Summary: The names memory_profiler, mprof and pympler for Hognose's drop-ins
        License: MIT
        Requires-Dist: hognose=={Wheel.Version}
        Requires-Python: >=3.8

        """.ReplaceLineEndings("\n");
}
