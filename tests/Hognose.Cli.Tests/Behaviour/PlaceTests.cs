using System.Text.Json;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Behaviour;

/// <summary>
/// Interpreters in odd places: another root, another mount namespace, a file that is gone, behind a loader. Each is a shell script that
/// stands for the interpreter and becomes it. The program runs as without us, and what it allocates is recorded.
/// </summary>
public class PlaceTests
{
    private const int Blocks = 1234;

    /// <summary>One line keeps blocks of a size that nothing else asks for; then says what shows that it stands where it should.</summary>
    private const string Program = """
        import os, sys
        kept = [bytes(999) for number in range(1234)]
        print(len(kept), sys.version, sys.argv, sorted(os.environ), sorted(os.listdir('/')), os.path.exists('/proc/self/exe'), os.listdir('/proc/self/fd'))
        """;

    [Theory, ClassData(typeof(AllInterpreters))]
    public void A_program_in_another_mount_namespace_is_recorded(string name)
    {
        SkipWithoutNamespaces();
        using var folder = new TemporaryFolder();
        var python = Interpreters.Find(name);
        Directory.CreateDirectory(folder.At("only-there"));
        // The link that starts it is seen in that namespace alone.
        var stand = StandIn(python, folder, $"""
            exec unshare --mount sh -c 'mount -t tmpfs none {folder.At("only-there")} && ln -s {python.Executable} {folder.At("only-there/inner")} && exec {folder.At("only-there/inner")} "$@"' sh "$@"
            """);

        MustBeRecorded(stand, folder);
        Assert.False(File.Exists(folder.At("only-there/inner")));
    }

    [Theory, ClassData(typeof(AllInterpreters))]
    public void A_program_in_a_chroot_is_recorded(string name)
    {
        SkipWithoutNamespaces();
        using var folder = new TemporaryFolder();

        MustBeRecorded(InChroot(Interpreters.Find(name), folder, "mount -t proc none proc"), folder);
    }

    /// <summary>Nothing leads from a root without /proc to the agent: the loader complains on stderr, the report says that nothing was recorded.</summary>
    [Fact]
    public void A_program_in_a_chroot_without_proc_runs_and_is_said_not_to_be_recorded()
    {
        SkipWithoutNamespaces();
        using var folder = new TemporaryFolder();
        var stand = InChroot(Interpreters.Any, folder, "true");

        var run = BuiltTool.Run("run", "-o", folder.At("x.alloc"), "--python", stand.Executable, "-c", "print(len([str(i) for i in range(100)]))");

        Assert.Equal((0, "100\n"), (run.ExitCode, run.Output));
        Assert.Contains("Hognose's agent found no Python to enter, so there is nothing to report.", run.Errors, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(AllInterpreters))]
    public void A_program_whose_executable_is_gone_before_it_starts_is_recorded(string name)
    {
        using var folder = new TemporaryFolder();
        var python = Interpreters.Find(name);
        var stand = StandIn(python, folder, $"""
            cp {python.Executable} {folder.At("doomed")} && exec 9<{folder.At("doomed")} && rm {folder.At("doomed")}
            PYTHONHOME={Prefix(python)} exec /proc/self/fd/9 "$@"
            """);

        MustBeRecorded(stand, folder);
    }

    [Theory, InlineData("3.8"), InlineData("3.9"), InlineData("3.10"), InlineData("3.11"), InlineData("3.12"), InlineData("3.13")]
    public void A_program_whose_library_is_deleted_under_it_is_recorded(string name)
    {
        using var folder = new TemporaryFolder();
        var python = Interpreters.Find(name);
        var library = $"libpython{name}.so.1.0";
        Assert.SkipUnless(File.Exists(Path.Combine(Prefix(python), "lib", library)), $"{python} has no {library} beside it");
        var stand = StandIn(python, folder, $"""
            cp {Path.Combine(Prefix(python), "lib", library)} {folder.Path}
            LD_LIBRARY_PATH={folder.Path} exec {python.Executable} "$@"
            """);

        MustBeRecorded(stand, folder, $"import os; os.unlink('{folder.At(library)}')\n");
        Assert.False(File.Exists(folder.At(library)));
    }

    [Theory, ClassData(typeof(AllInterpreters))]
    public void A_program_started_through_a_loader_is_recorded(string name)
    {
        using var folder = new TemporaryFolder();
        var python = Interpreters.Find(name);
        var unpacked = python.Executable + "-loader";
        var stand = File.Exists(unpacked)
            ? python with { Executable = unpacked }
            : StandIn(python, folder, $"exec /lib64/ld-linux-x86-64.so.2 --argv0 {python.Executable} {python.Executable} \"$@\"");

        MustBeRecorded(stand, folder);
    }

    private static void MustBeRecorded(Interpreter stand, TemporaryFolder folder, string before = "")
    {
        var twins = TwinRun.Of(stand, ["-c", before + Program], folder);

        Assert.True(twins.Plain.ExitCode == 0, twins.Plain.ToString());
        twins.MustBeAlike();
        var shown = BuiltTool.Run("show", "--json", twins.Recording);
        Assert.True(shown.ExitCode == 0, shown.ToString());
        using var json = JsonDocument.Parse(shown.Output);
        var line = 2 + before.Count(letter => letter == '\n');
        var kept = json.RootElement.GetProperty("end").GetProperty("sites").EnumerateArray()
            .Where(site => site.GetProperty("file").GetString() == "<string>" && site.GetProperty("line").GetInt32() == line).ToList();
        // The list's own block and the comprehension's belong to the same line.
        Assert.InRange(kept.Sum(site => site.GetProperty("blocks").GetInt64()), Blocks, Blocks + 10);
    }

    private static Interpreter InChroot(Interpreter python, TemporaryFolder folder, string mountProc)
    {
        var root = folder.At("root");
        var home = Path.GetFullPath(Path.Combine(Prefix(python), ".."));
        var script = $"""
            mkdir -p {root} && mount -t tmpfs none {root} && cd {root} && mkdir -p usr proc .{home} && mount --rbind /usr usr
            [ {home} = / ] || [ {home} = /usr ] || mount --rbind {home} .{home}
            ln -s usr/lib usr/lib64 . && {mountProc} && exec chroot . {Resolved(python)} "$@"
            """;
        var inner = folder.Write("in-chroot", script);
        return StandIn(python, folder, $"exec unshare --mount sh {inner} \"$@\"");
    }

    /// <summary>A script that takes the interpreter's place on the command line.</summary>
    private static Interpreter StandIn(Interpreter python, TemporaryFolder folder, string script)
    {
        var file = folder.Write("stand-in", $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return python with { Executable = file };
    }

    private static string Resolved(Interpreter python) => File.ResolveLinkTarget(python.Executable, returnFinalTarget: true)?.FullName ?? python.Executable;

    /// <summary>sys.prefix of an interpreter that is not in a virtual environment.</summary>
    private static string Prefix(Interpreter python) => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Resolved(python))!, ".."));

    private static void SkipWithoutNamespaces()
    {
        var probe = BuiltTool.Execute("unshare", ["--mount", "true"]);
        Assert.SkipUnless(probe.ExitCode == 0, $"mount namespaces are not permitted here: {probe.Errors.Trim()}");
    }
}
