using System.Text.RegularExpressions;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Mprof;

/// <summary><c>hognose mprof</c> in a folder of its own.</summary>
internal sealed class MprofRun : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Python programs run by this interpreter.</summary>
    public required Interpreter Python { get; init; }

    public string At(string name) => _folder.At(name);

    public string Write(string name, string text) => _folder.Write(name, text);

    /// <summary>Runs <c>hognose mprof</c> with the interpreter first on PATH, under all its names.</summary>
    public ToolRun Run(params string[] arguments)
    {
        Directory.CreateDirectory(At("bin"));
        foreach (var name in (string[])["python", "python3"])
            if (!File.Exists(At("bin/" + name)))
                File.WriteAllText(At("bin/" + name), $"#!/bin/sh\nexec '{Python.Executable}' \"$@\"\n");
        foreach (var name in Directory.GetFiles(At("bin")))
            File.SetUnixFileMode(name, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        var environment = new Dictionary<string, string?> { ["PATH"] = At("bin") + ":" + Environment.GetEnvironmentVariable("PATH"), ["VIRTUAL_ENV"] = null };
        return BuiltTool.Execute(BuiltTool.Path, ["mprof", .. arguments], folder: _folder.Path, environment: environment);
    }

    /// <summary>Lines of a profile in this folder, those of one kind where asked.</summary>
    public IReadOnlyList<string> Lines(string file, string kind = "") =>
        [.. File.ReadAllLines(At(file)).Where(line => line.StartsWith(kind, StringComparison.Ordinal))];

    /// <summary>Names of the profiles here.</summary>
    public IReadOnlyList<string> Profiles() =>
        [.. Directory.GetFiles(_folder.Path).Select(path => Path.GetFileName(path)).Where(name => Regex.IsMatch(name, @"^mprofile_\d{14}\.dat$")).Order()];

    public void Dispose() => _folder.Dispose();
}
