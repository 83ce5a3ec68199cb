namespace Hognose.Testing;

/// <summary>How the interpreter's code comes into the process.</summary>
public enum InterpreterForm
{
    /// <summary>A small executable and a shared libpython.</summary>
    SharedLibrary,

    /// <summary>Everything in the executable, as Debian builds it.</summary>
    StaticExecutable,

    /// <summary>A static executable started through a dynamic loader named on the command line: /proc/PID/exe is the loader.</summary>
    ThroughLoader,
}

/// <summary>A CPython on this machine.</summary>
public sealed record Interpreter(string Executable, Version Version, InterpreterForm Form, bool IsFreeThreaded, bool IsDebugBuild)
{
    /// <summary>"3.11"</summary>
    public string Minor => $"{Version.Major}.{Version.Minor}";

    public bool IsSupported => Version >= new Version(3, 8) && !IsFreeThreaded && !IsDebugBuild;

    public override string ToString() => $"{Version} ({Form}, {Executable})";
}
