using Hognose.Testing;

namespace Hognose.Cli.Tests.BadInput;

/// <summary>Pythons that Hognose doesn't serve: recognised by both commands, nothing of the program runs, a running one goes on.</summary>
public class RefusedPythonTests
{
    /// <summary>Words that Python 2 understands too.</summary>
    private const string Waits = "import sys; print('ready'); sys.stdout.flush(); sys.stdin.readline(); sys.stdout.write('goes on')";

    [Theory, InlineData("2.7"), InlineData("3.6"), InlineData("3.7")]
    public void A_python_of_another_age_is_refused(string version) =>
        MustBeRefused(Interpreters.FindUnsupported(Version.Parse(version)).Executable, version, byRun: version == "2.7" ? "from before 3.5" : version);

    [Fact]
    public void A_debug_build_is_refused() => MustBeRefused(Interpreters.DebugBuild.Executable, "debug build");

    [Fact]
    public void A_pypy_is_refused() => MustBeRefused(Interpreters.PyPy, "PyPy");

    [Fact]
    public void A_free_threaded_build_is_refused() => MustBeRefused(Interpreters.FreeThreaded.Executable, "free-threaded");

    /// <summary>What such a build says of itself, in the mouth of one with the GIL: the flag in _Py_DebugOffsets that both commands go by.</summary>
    [Theory, InlineData("3.13 static"), InlineData("3.14"), InlineData("3.15")]
    public void A_build_that_says_it_is_free_threaded_is_refused(string name)
    {
        using var folder = new TemporaryFolder();
        var python = Interpreters.Find(name).Executable;
        var file = File.ReadAllBytes(python);
        file[FreeThreadedFlag(file)] = 1;
        File.WriteAllBytes(folder.At("python3t"), file);
        File.SetUnixFileMode(folder.At("python3t"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var prefix = Path.Combine(Path.GetDirectoryName(File.ResolveLinkTarget(python, returnFinalTarget: true)?.FullName ?? python)!, "..");

        MustBeRefused(folder.At("python3t"), "free-threaded", environment: new Dictionary<string, string?> { ["PYTHONHOME"] = prefix });
    }

    /// <summary>The cookie, PY_VERSION_HEX and the flag, eight bytes each. The cookie alone stands in machine code too.</summary>
    private static int FreeThreadedFlag(byte[] file)
    {
        for (var at = 0; at + 24 <= file.Length; at += 8)
            if (file.AsSpan(at).StartsWith("xdebugpy"u8) && BitConverter.ToUInt64(file, at + 8) >> 24 == 3 && BitConverter.ToUInt64(file, at + 16) == 0)
                return at + 16;
        throw new InvalidOperationException("there are no debug offsets in the executable");
    }

    private static void MustBeRefused(string executable, string named, string? byRun = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        using var target = TargetProgram.Start(executable, ["-c", Waits], environment);

        BadInputTests.MustBeOneLine(BuiltTool.Run("heap", $"{target.Pid}"), named);
        BadInputTests.MustBeOneLine(
            BuiltTool.Execute(BuiltTool.Path, ["run", "--python", executable, "-c", "print('must not run')"], environment: environment), byRun ?? named);
        Assert.Equal((0, "goes on", ""), target.Finish());
    }
}
