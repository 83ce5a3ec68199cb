using System.Collections.Concurrent;
using System.IO.Compression;
using Hognose.Testing;

namespace Hognose.Package.Tests;

/// <summary>A virtual environment with nothing in it but the wheel.</summary>
internal sealed class FreshEnvironment
{
    private static readonly ConcurrentDictionary<string, Lazy<FreshEnvironment>> Made = new();
    private static readonly TemporaryFolder Folder = UntilTheTestsEnd();

    private static readonly string[] Install = ["install", "--quiet", "--no-index", "--disable-pip-version-check"];

    private readonly Dictionary<string, string?> _variables;

    private FreshEnvironment(string prefix, string python, Dictionary<string, string?> variables)
    {
        Prefix = prefix;
        Python = python;
        _variables = variables;
    }

    public string Prefix { get; }

    public string Python { get; }

    /// <summary>The tool, as it is on PATH when the environment is active.</summary>
    public string Tool => Path.Combine(Prefix, "bin", "hognose");

    /// <param name="name">Of <see cref="AllInterpreters"/>; skips the running test where there is none.</param>
    public static FreshEnvironment Of(string name)
    {
        var python = Interpreters.Find(name);
        return Made.GetOrAdd(name, _ => new Lazy<FreshEnvironment>(() => Make(python, Folder.At(name.Replace(' ', '-'))))).Value;
    }

    public ToolRun Run(params string[] arguments) => Execute(Python, ["-s", .. arguments]);

    public ToolRun Execute(string program, params string[] arguments) => BuiltTool.Execute(program, arguments, folder: Prefix, environment: _variables);

    /// <summary>Runs one of Programs/*.py, which ends with "ok".</summary>
    public void RunProgram(string program, params string[] arguments)
    {
        var run = Run([Path.Combine(Repository.Root, "tests/Hognose.Package.Tests/Programs", program), .. arguments]);
        Assert.True(run.ExitCode == 0 && run.Output.EndsWith("ok\n", StringComparison.Ordinal), run.ToString());
    }

    private static FreshEnvironment Make(Interpreter python, string folder) =>
        BuiltTool.Execute(python.Executable, ["-c", "import ensurepip, pip"]).ExitCode == 0 ? MadeByPip(python, folder) : MadeByHand(python, folder);

    private static FreshEnvironment MadeByPip(Interpreter python, string folder)
    {
        if (PlacesElsewhere(python))
        {
            Succeed(BuiltTool.Execute(python.Executable, ["-m", "venv", folder]));
            Succeed(BuiltTool.Execute(Path.Combine(folder, "bin", "python"), ["-m", "pip", .. Install, BuiltWheel.FilePath]));
        }
        else
        {
            // By the interpreter's own pip: to unpack another into each environment took longer than most of what is tested there.
            Succeed(BuiltTool.Execute(python.Executable, ["-m", "venv", "--without-pip", folder]));
            Succeed(BuiltTool.Execute(python.Executable, ["-m", "pip", .. Install, "--ignore-installed", "--prefix", folder, BuiltWheel.FilePath]));
        }
        return new FreshEnvironment(folder, Path.Combine(folder, "bin", "python"), new() { ["PYTHONPATH"] = null });
    }

    /// <summary>Debian's pip has places of its own for packages, also below another prefix.</summary>
    private static bool PlacesElsewhere(Interpreter python) =>
        BuiltTool.Execute(python.Executable, ["-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"]).Output.Contains("dist-packages", StringComparison.Ordinal);

    /// <summary>To where pip puts the parts of a wheel; for a Python that has neither pip nor, being relocated, a working venv.</summary>
    public static FreshEnvironment MadeByHand(Interpreter python, string prefix)
    {
        var sitePackages = Path.Combine("lib", $"python{python.Minor}", "site-packages");
        Unpack(BuiltWheel.FilePath, prefix, sitePackages);
        return new FreshEnvironment(prefix, python.Executable, new() { ["PYTHONPATH"] = Path.Combine(prefix, sitePackages) });
    }

    /// <summary>As pip places the parts of a wheel.</summary>
    /// <param name="wheel">The file.</param>
    /// <param name="prefix">Where bin and lib go.</param>
    /// <param name="sitePackages">Where modules go, from the prefix on.</param>
    public static void Unpack(string wheel, string prefix, string sitePackages)
    {
        using var zip = ZipFile.OpenRead(wheel);
        foreach (var entry in zip.Entries)
        {
            var data = entry.FullName.IndexOf(".data/", StringComparison.Ordinal);
            var inData = data < 0 ? "" : entry.FullName[(data + ".data/".Length)..];
            var place = data < 0 ? Path.Combine(prefix, sitePackages, entry.FullName)
                : inData.StartsWith("scripts/", StringComparison.Ordinal) ? Path.Combine(prefix, "bin", inData["scripts/".Length..])
                : Path.Combine(prefix, inData["data/".Length..]);
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            entry.ExtractToFile(place);
        }
    }

    private static TemporaryFolder UntilTheTestsEnd()
    {
        var folder = new TemporaryFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        return folder;
    }

    private static void Succeed(ToolRun run) => Assert.True(run.ExitCode == 0, run.ToString());
}
