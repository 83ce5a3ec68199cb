using System.Globalization;
using System.Text;
using Hognose.Formats.Alloc;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Exactness;

/// <summary>Threads go by the names that Python has of them, which the kernel knows from 3.14 on only, and cut at 15 bytes.</summary>
public class ThreadNamesTests
{
    private const string Program = """
        import os, sys, threading
        def work():
            while not go.wait(0.01): kept = [bytes(1000) for _ in range(100)]
        go = threading.Event()
        threads = [threading.Thread(target=work, name=name) for name in ("loader of the catalogue", "sp\xe9cial", "to be renamed")]
        for thread in threads: thread.start()
        threads[2].name = "renamed"
        print("ready", flush=True); sys.stdin.readline(); go.set()
        for thread in threads: thread.join()
        """;

    private static readonly string[] Expected = ["MainThread", "loader of the catalogue", "renamed", "sp\u00e9cial"];

    [Theory, ClassData(typeof(AllInterpreters))]
    public void Threads_of_a_recorded_program_have_pythons_names(string name)
    {
        using var folder = new TemporaryFolder();
        using var tool = BuiltTool.Start(["run", "-q", "--python", Interpreters.Find(name).Executable, "-o", folder.At("x.alloc"), "-c", Program]);
        Assert.Equal("ready", tool.StandardOutput.ReadLine());
        WaitUntilNamed(folder.At("x.alloc"), folder);
        tool.StandardInput.Close();
        Assert.True(tool.WaitForExit(TimeSpan.FromMinutes(1)));

        var threads = ThreadsOf(folder.At("x.alloc"));
        Assert.Equal(Expected, Names(threads));
        Assert.All(threads.Where(thread => Expected.Contains(thread.Name)), thread => Assert.True(thread.KernelId > 0));
    }

    [Theory, ClassData(typeof(SpreadInterpreters))]
    public void Threads_of_a_program_that_runs_already_have_them_too(string name)
    {
        using var folder = new TemporaryFolder();
        using var program = TargetProgram.StartText(Interpreters.Find(name), Program);
        var pid = program.Pid.ToString(CultureInfo.InvariantCulture);
        Assert.Equal(0, BuiltTool.Run("attach", pid, "-q", "--duration", "3", "-o", folder.At("x.alloc")).ExitCode);
        Assert.Equal((0, "", ""), program.Finish());

        // The main thread waits for a line, and need not allocate.
        Assert.Equal(Expected.Skip(1), Names(ThreadsOf(folder.At("x.alloc"))).Where(name => name != "MainThread"));
    }

    /// <summary>The recording is readable while it is written.</summary>
    private static void WaitUntilNamed(string file, TemporaryFolder folder)
    {
        var patience = TimeSpan.FromSeconds(60);
        for (var began = DateTime.UtcNow; DateTime.UtcNow - began < patience; Thread.Sleep(100))
        {
            var copy = folder.At("copy.alloc");
            if (!File.Exists(file))
                continue;
            File.Copy(file, copy, overwrite: true);
            var shown = BuiltTool.Run("show", copy, "--by", "thread", "--json");
            if (shown.ExitCode == 0 && Expected.Where(name => Ascii.IsValid(name)).All(name => shown.Output.Contains($" {name}, tid ", StringComparison.Ordinal)))
                return;
        }
        Assert.Fail("the recording did not get the names within a minute");
    }

    private static string[] Names(IReadOnlyList<ThreadUsage> threads) =>
        [.. threads.Select(thread => thread.Name).Where(name => name != ThreadUsage.NoThread).Order(StringComparer.Ordinal)];

    private static IReadOnlyList<ThreadUsage> ThreadsOf(string file)
    {
        using var stream = File.OpenRead(file);
        return AllocReader.Read(stream, file).Shape.Threads;
    }
}
