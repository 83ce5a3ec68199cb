using System.Globalization;
using System.Text;
using Hognose.CPython.Runtime;
using Hognose.Diagnostics;
using Hognose.Targets.Processes;
using Hognose.Testing;

namespace Hognose.CPython.Tests.Runtime;

/// <summary>Pythons whose file is gone, elsewhere, renamed or stripped: nothing but their memory is sure.</summary>
public sealed class HiddenPythonTests
{
    private const string Program = """
        import sys
        print("%s.%s.%s" % sys.version_info[:3]); print("ready"); sys.stdout.flush(); sys.stdin.readline()
        """;

    [Theory, InlineData("3.11 static"), InlineData("3.13 static")]
    public void An_executable_deleted_under_it_under_a_name_that_says_nothing_is_found(string name)
    {
        using var folder = new TemporaryFolder();
        var python = Interpreters.Find(name);
        var copy = CopyOf(python, folder, bytes => bytes);
        using var program = Start(python, copy);
        File.Delete(copy);
        AssertFound(program, RuntimeEvidence.Symbol);
    }

    [Theory, InlineData("3.8"), InlineData("3.10"), InlineData("3.12")]
    public void A_library_deleted_under_it_is_found(string name)
    {
        using var folder = new TemporaryFolder();
        var python = Interpreters.Find(name);
        var library = $"libpython{name}.so.1.0";
        var original = Path.Combine(Path.GetDirectoryName(python.Executable)!, "..", "lib", library);
        Assert.SkipUnless(File.Exists(original), $"{python} has no {library} beside it");
        File.Copy(original, folder.At(library));
        using var program = Start(python, python.Executable, ("LD_LIBRARY_PATH", folder.Path));
        File.Delete(folder.At(library));
        AssertFound(program, RuntimeEvidence.Symbol);
    }

    [Fact]
    public void Without_its_symbol_the_section_is_found()
    {
        using var folder = new TemporaryFolder();
        var python = Interpreters.Find("3.11 static");
        using var program = Start(python, CopyOf(python, folder, bytes => Renamed(bytes, "_PyRuntime")));
        AssertFound(program, RuntimeEvidence.Section);
    }

    [Fact]
    public void Without_symbol_and_section_the_cookie_is_found()
    {
        using var folder = new TemporaryFolder();
        var python = Interpreters.Find("3.13 static");
        using var program = Start(python, CopyOf(python, folder, bytes => Renamed(Renamed(bytes, "_PyRuntime"), ".PyRuntime")));
        AssertFound(program, RuntimeEvidence.Cookie);
    }

    [Fact]
    public void Without_symbol_section_and_cookie_the_pointers_are_followed()
    {
        using var folder = new TemporaryFolder();
        var python = Interpreters.Find("3.11 static");
        using var symbol = Start(python, CopyOf(python, folder, bytes => bytes));
        using var program = Start(
            python, CopyOf(python, folder, bytes => Renamed(Renamed(Renamed(bytes, "_PyRuntime"), ".PyRuntime"), "Py_Version")));
        AssertFound(program, RuntimeEvidence.Chase);
        // Linked to a fixed address, so the truth is where the untouched copy has it.
        Assert.Equal(Find(symbol.Pid).Runtime, Find(program.Pid).Runtime);
    }

    [Fact]
    public void A_python_in_another_mount_namespace_is_found()
    {
        using var folder = new TemporaryFolder();
        var python = Interpreters.Find("3.11 static");
        SkipWithoutNamespaces();
        using var program = Shell(
            $"mount -t tmpfs none {folder.Path} && cp {python.Executable} {folder.Path}/inner && exec {folder.Path}/inner -c \"$0\"", "unshare", "--mount");
        Assert.False(File.Exists(folder.At("inner")));
        AssertFound(program, RuntimeEvidence.Symbol);
    }

    [Fact]
    public void A_python_in_a_chroot_is_found_and_its_sections_too()
    {
        using var folder = new TemporaryFolder();
        var python = Interpreters.Find("3.11 static");
        SkipWithoutNamespaces();
        var stripped = CopyOf(python, folder, bytes => Renamed(bytes, "_PyRuntime"));
        var root = folder.At("root");
        using var program = Shell(
            $"mkdir {root} && mount -t tmpfs none {root} && cd {root} && mkdir usr && mount --rbind /usr usr && ln -s usr/lib usr/lib64 . "
            + $"&& cp {stripped} inner && exec chroot . /inner -c \"$0\"", "unshare", "--mount");
        AssertFound(program, RuntimeEvidence.Section);
    }

    [Fact]
    public void A_python_in_another_pid_namespace_is_found()
    {
        var python = Interpreters.Any;
        SkipWithoutNamespaces();
        using var program = TargetProgram.Start("unshare", ["--pid", "--fork", python.Executable, "-c", Program]);
        // The program is the child of what we started; inside it is number 1.
        var inner = int.Parse(File.ReadAllText($"/proc/{program.Pid}/task/{program.Pid}/children"), CultureInfo.InvariantCulture);
        Assert.Equal([inner, 1], TargetProcess.Open(inner).ReadStatus().NamespaceIds);
        Assert.Equal(program.Truth.Trim(), Find(inner).Version.ToString());
    }

    private static string CopyOf(Interpreter python, TemporaryFolder folder, Func<byte[], byte[]> change)
    {
        var copy = folder.At($"server-{Guid.NewGuid():N}");
        File.Copy(ResolvedPath(python.Executable), copy); // with its permissions
        File.WriteAllBytes(copy, change(File.ReadAllBytes(python.Executable)));
        return copy;
    }

    /// <summary>The name in a string table loses its last letter, so that nobody finds it; what it named stays.</summary>
    private static byte[] Renamed(byte[] file, string name)
    {
        var wanted = Encoding.ASCII.GetBytes($"\0{name}\0");
        var found = 0;
        for (var at = file.AsSpan().IndexOf(wanted); at >= 0; at = file.AsSpan().IndexOf(wanted))
        {
            file[at + wanted.Length - 2] = (byte)'X';
            found++;
        }
        Assert.True(found > 0, $"there is no {name} to rename");
        return file;
    }

    private static TargetProgram Start(Interpreter python, string executable, params (string Name, string Value)[] environment)
    {
        var variables = environment.ToDictionary(one => one.Name, one => (string?)one.Value);
        variables["PYTHONHOME"] = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ResolvedPath(python.Executable))!, ".."));
        return TargetProgram.Start(executable, ["-c", Program], variables);
    }

    private static string ResolvedPath(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

    private static TargetProgram Shell(string script, params string[] before) =>
        TargetProgram.Start(before[0], [.. before[1..], "sh", "-c", script, Program]);

    private static void SkipWithoutNamespaces()
    {
        var probe = BuiltTool.Execute("unshare", ["--mount", "--pid", "--fork", "true"]);
        Assert.SkipUnless(probe.ExitCode == 0, $"namespaces are not permitted here: {probe.Errors.Trim()}");
    }

    private static void AssertFound(TargetProgram program, RuntimeEvidence evidence)
    {
        var build = Find(program.Pid);
        Assert.Equal(evidence, build.Evidence);
        Assert.Equal(program.Truth.Trim(), build.Version.ToString());
        var process = TargetProcess.Open(program.Pid);
        Assert.NotEmpty(RunningPython.Find(process, Limits.Default, TestContext.Current.CancellationToken).ReadInterpreters(process.Memory, Limits.Default));
    }

    private static PythonBuild Find(int processId) => PythonRuntimeFinder.Find(TargetProcess.Open(processId), Limits.Default);
}
