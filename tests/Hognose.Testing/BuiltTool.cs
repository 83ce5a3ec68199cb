using System.Diagnostics;
using System.Text;

namespace Hognose.Testing;

/// <summary>How a run of a program ended. The status of a program that a signal ended is 128 + the signal's number.</summary>
public sealed record ToolRun(int ExitCode, string Output, string Errors)
{
    public override string ToString() => $"exit status {ExitCode}\n--- stdout\n{Output}\n--- stderr\n{Errors}";
}

/// <summary>The NativeAOT build of the tool, made by ./hognose once a test run where sources are newer.</summary>
public static class BuiltTool
{
    /// <summary>Only a program that hangs ever meets it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static readonly Lazy<string> Built = new(Build);

    /// <summary>The executable itself; the agent's library lies beside it.</summary>
    public static string Path => Built.Value;

    public static ToolRun Run(params string[] arguments) => Execute(Path, arguments);

    /// <summary>Starts the tool without waiting; the caller disposes.</summary>
    public static Process Start(IEnumerable<string> arguments, string? folder = null) => StartOther(Path, arguments, folder);

    /// <summary>The same of any program, as one that becomes the tool.</summary>
    public static Process StartOther(string executable, IEnumerable<string> arguments, string? folder = null) => Process.Start(Describe(executable, arguments, folder, null))!;

    /// <summary>Runs any program to its end with a given stdin (by default an empty one).</summary>
    /// <param name="patience">Only a program that hangs may ever meet it; 10 minutes when none is given.</param>
    public static ToolRun Execute(
        string executable, IEnumerable<string> arguments, string input = "", string? folder = null, IReadOnlyDictionary<string, string?>? environment = null, TimeSpan? patience = null)
    {
        using var process = Process.Start(Describe(executable, arguments, folder, environment))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        Feed(process, input);
        if (!process.WaitForExit(patience ?? Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{executable} {string.Join(' ', arguments)} did not end within {patience ?? Patience}\n{output.Result}\n{errors.Result}");
        }
        return new ToolRun(process.ExitCode, output.Result, errors.Result);
    }

    private static void Feed(Process process, string input)
    {
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // the program ended without reading
        }
    }

    private static ProcessStartInfo Describe(
        string executable, IEnumerable<string> arguments, string? folder, IReadOnlyDictionary<string, string?>? environment)
    {
        var start = new ProcessStartInfo(executable, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(false),
            WorkingDirectory = folder ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        return start;
    }

    private static string Build()
    {
        var run = new ProcessStartInfo(System.IO.Path.Combine(Repository.Root, "hognose"), ["--version"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(run)!;
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var tool = System.IO.Path.Combine(Repository.Root, ".cache", "build", "hognose");
        return process.ExitCode == 0 && File.Exists(tool) ? tool : throw new InvalidOperationException($"./hognose could not be built:\n{errors.Result}");
    }
}
