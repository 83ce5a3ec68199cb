using Hognose.Diagnostics;
using Hognose.Targets.Native;

namespace Hognose.Targets.Launch;

/// <summary>The agent's shared object beside the tool, opened: the program loads it by descriptor, in whatever mount namespace it ends up.</summary>
public sealed class AgentLibrary : IDisposable
{
    public const string FileName = "hognose_agent.so";

    /// <summary>Names another agent than the one beside the tool; for tests and for running from a build tree.</summary>
    public const string PathVariable = "HOGNOSE_AGENT";

    private AgentLibrary(string path, int descriptor)
    {
        Path = path;
        Descriptor = descriptor;
    }

    public string Path { get; }

    /// <summary>Open here; others may open it by our process id.</summary>
    public int Descriptor { get; }

    /// <exception cref="CannotContinueException">It is not there.</exception>
    public static AgentLibrary Open()
    {
        var path = Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } named ? named : BesideTheTool();
        var descriptor = ProcFile.Open(path, LibC.OpenReadOnly, out var errno);
        return descriptor >= 0
            ? new AgentLibrary(path, descriptor)
            : throw new CannotContinueException($"the agent {path} cannot be opened ({Errno.Describe(errno)})", "build hognose again ('./hognose' does), or install its wheel again");
    }

    /// <summary>In the tool's own folder, or where the wheel puts it: PREFIX/lib/hognose beside PREFIX/bin.</summary>
    private static string BesideTheTool()
    {
        var beside = System.IO.Path.Combine(AppContext.BaseDirectory, FileName);
        var installed = System.IO.Path.GetFullPath(System.IO.Path.Combine(AppContext.BaseDirectory, "../lib/hognose", FileName));
        return !File.Exists(beside) && File.Exists(installed) ? installed : beside;
    }

    public void Dispose() => _ = LibC.close(Descriptor);
}
