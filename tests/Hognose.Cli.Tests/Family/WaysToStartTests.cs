using System.Text.Json;
using Hognose.Cli.Tests.Births;
using Hognose.Cli.Tests.Native;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Family;

/// <summary>Each way in which a program starts another Python leads the recorder into it, and the program sees what it would see without.</summary>
public sealed class WaysToStartTests
{
    /// <summary>Whoever is started keeps as many rows as it is told, in line 4.</summary>
    private const string Child = """
        import os, sys
        KEPT = []; SIZES = list(range(900, 907))
        for n in range(int(sys.argv[2])):
            row = bytes(SIZES[n % 7])
            KEPT.append(row)
        print(sys.argv[1], sorted(name for name in os.environ if "HOGNOSE" in name or name == "LD_PRELOAD"), len(os.environ), flush=True)
        sys.exit(5)
        """;

    private const string Program = """
        import ctypes, os, subprocess, sys
        python, child = sys.executable, "./child.py"

        def forked(call, *words):
            process = os.fork()
            if process == 0:
                call(*words)
            return os.waitpid(process, 0)[1] >> 8

        def said(*words):
            print(*words, flush=True)

        said("system", os.system(python + " ./child.py \"it's\" 101") >> 8)
        said("popen", repr(os.popen("%s %s popen 102; echo \"$0 $# '$LD_PRELOAD'\"" % (python, child)).read()))
        said("execl", forked(os.execl, python, python, child, "execl", "103"))
        said("execlp", forked(os.execlp, python, python, child, "execlp", "104"))
        said("execle", forked(os.execle, python, python, child, "execle", "105", {"PATH": os.environ["PATH"]}))
        said("spawnv", os.spawnv(os.P_WAIT, python, [python, child, "spawnv", "106"]))
        said("posix_spawn", os.waitpid(os.posix_spawn(python, [python, child, "posix_spawn", "107"], os.environ), 0)[1] >> 8)
        many = dict(os.environ, **{"VARIABLE_%d" % n: str(n) for n in range(3000)})
        for count in 108, 109:
            said("many", subprocess.call([python, child, "many", str(count)], env=many))
        long = dict(os.environ, LD_PRELOAD=":" * 3000)
        said("preload", subprocess.call([python, child, "preload", "110"], env=long))
        libc = ctypes.CDLL(None)
        libc.popen.restype = ctypes.c_void_p
        libc.pclose.argtypes = [ctypes.c_void_p]
        stream = libc.popen((python + " ./child.py libc.popen 111 >&2").encode(), b"r")
        said("libc.popen", libc.pclose(stream) >> 8)
        said("shells", os.system("exit 7") >> 8, os.system("cd /nowhere 2>&1") >> 8, os.system("there_is_no_such_program 2>&1") >> 8, os.system("kill -9 $$"))
        said("null", libc.system(None))
        """;

    [Theory, ClassData(typeof(SpreadInterpreters))]
    public void Every_way_is_recorded_and_none_notices(string name)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("app.py"), Program);
        File.WriteAllText(folder.At("child.py"), Child);
        var python = Interpreters.Find(name).Executable;
        var plain = BuiltTool.Execute(python, ["app.py"], folder: folder.Path);
        Assert.Equal(0, plain.ExitCode);
        var recorded = BuiltTool.Execute(BuiltTool.Path, ["run", "-q", "-o", "x.alloc", "--python", python, "app.py"], folder: folder.Path);
        Assert.Equal(plain.Output, recorded.Output);
        Assert.Equal(plain.ExitCode, recorded.ExitCode);
        Assert.Equal(plain.Errors, recorded.Errors);

        var show = BuiltTool.Run("show", folder.At("x.alloc"), "--json");
        var files = JsonDocument.Parse(show.Output).RootElement.GetProperty("children").EnumerateArray().Select(child => child.GetProperty("recording").GetString()!);
        Assert.Equal(Enumerable.Range(101, 11).Select(count => (long)count), files.Select(file => Kept(folder.At(file))).Where(count => count > 0).Order());
    }

    /// <summary>Where our own constructor has not run yet; <c>exec</c> in a child of vfork.</summary>
    [Theory]
    [InlineData("system")]
    [InlineData("popen")]
    [InlineData("posix_spawn")]
    [InlineData("posix_spawnp")]
    [InlineData("execve")]
    [InlineData("execv")]
    [InlineData("execvp")]
    [InlineData("execvpe")]
    [InlineData("fexecve")]
    public void A_library_s_constructor_starts_a_program(string way)
    {
        using var folder = new TemporaryFolder();
        var environment = new Dictionary<string, string?> { ["LD_PRELOAD"] = CompiledLibrary.Compile(folder, "starts.c", "-ldl"), ["STARTS_BY"] = way };
        string[] words = ["run", "-q", "-o", folder.At("x.alloc"), "--python", Interpreters.Any.Executable, "-c", "print('program')"];
        var run = BuiltTool.Execute(BuiltTool.Path, words, environment: environment);
        Assert.Equal((0, $"{way}\nstatus 0\nprogram\n", ""), (run.ExitCode, run.Output, run.Errors));
        Assert.True(ToolJson.Of("show", folder.At("x.alloc"), "--json").GetProperty("totals").GetProperty("allocations").GetInt64() > 0);
    }

    /// <summary>Rows that were held when Python began to shut down.</summary>
    private static long Kept(string recording)
    {
        var show = BuiltTool.Run("show", recording, "--json", "--sites", "10000");
        Assert.Equal((0, ""), (show.ExitCode, show.Errors));
        return JsonDocument.Parse(show.Output).RootElement.GetProperty("end").GetProperty("sites").EnumerateArray()
            .Where(site => site.GetProperty("file").GetString()?.EndsWith("child.py", StringComparison.Ordinal) == true && site.GetProperty("line").GetInt32() == 4)
            .Sum(site => site.GetProperty("blocks").GetInt64());
    }
}
