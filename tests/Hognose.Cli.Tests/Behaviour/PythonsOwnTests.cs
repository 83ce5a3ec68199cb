using Hognose.Testing;

namespace Hognose.Cli.Tests.Behaviour;

/// <summary>
/// CPython's own tests of what we touch most, with and without us: each test case must have the same result. Runs on the oldest, a middle
/// and the newest interpreter that ships its tests; HOGNOSE_ALL_PYTHONS_OWN_TESTS=1 takes all.
/// </summary>
public abstract class PythonsOwnTests
{
    private const int Attempts = 3;

    private const string DidNotEnd = "the module did not end";

    /// <summary>Every one of the modules has more; fewer means that they were not found.</summary>
    private const int FewestCases = 20;

    /// <summary>
    /// Runs a test module in this process, as unittest does, and prints the result of every case, sorted. Not `python -m test`, which
    /// starts further processes, prints times and repeats failures in an order of its own.
    /// </summary>
    private const string Runner = """
        import faulthandler, signal, sys, unittest, warnings
        signal.signal(signal.SIGINT, signal.default_int_handler)   # ignored in background jobs, where test_threading then waits for ever
        faulthandler.dump_traceback_later(int(sys.argv[4]), exit=True)
        warnings.simplefilter("ignore")

        class Tally(unittest.TestResult):
            def __init__(self):
                super().__init__()
                self.lines = []
            def addSuccess(self, test): self.note(test, "ok")
            def addFailure(self, test, error): self.note(test, "failed")
            def addError(self, test, error): self.note(test, "error")
            def addSkip(self, test, reason): self.note(test, "skipped")
            def addExpectedFailure(self, test, error): self.note(test, "failed as expected")
            def addUnexpectedSuccess(self, test): self.note(test, "succeeded unexpectedly")
            def addSubTest(self, test, subtest, error):
                if error is not None: self.note(test, "subtest failed")
            def note(self, test, result): self.lines.append("%s: %s" % (test.id(), result))

        import os
        from test import support
        support.verbose = 0
        where, module, into = sys.argv[1:4]
        os.chdir(where)
        sys.argv[1:] = []
        tally = Tally()
        unittest.defaultTestLoader.loadTestsFromName("test." + module).run(tally)
        with open(into, "w") as file:
            file.write("\n".join(sorted(tally.lines)))
        """;

    /// <param name="module">Of test.</param>
    /// <param name="interpreter">Of <see cref="AllInterpreters"/>.</param>
    /// <param name="isLong">The middle interpreter is left out.</param>
    protected static void MustBeAlike(string module, string interpreter, bool isLong = false)
    {
        var python = Interpreters.Find(interpreter);
        Assert.SkipUnless(IsTurn(python, isLong), "only on the oldest, a middle and the newest interpreter, unless HOGNOSE_ALL_PYTHONS_OWN_TESTS=1");
        Assert.SkipUnless(ShipsTests(python), $"{python} ships no tests");
        using var folder = new TemporaryFolder();
        var script = folder.Write("run_one.py", Runner);

        // A case that fails, or hangs, now and then without us proves nothing: only what differs each time is ours.
        var changed = Compare(python, script, module, folder);
        for (var again = 1; again < Attempts && changed.Count > 0; again++)
            changed = [.. Compare(python, script, module, folder).Intersect(changed)];

        Assert.Empty(changed);
    }

    private static List<string> Compare(Interpreter python, string script, string module, TemporaryFolder folder)
    {
        // At once: most of their time is spent in waiting for processes and sockets.
        var running = Task.Factory.StartNew(() => RunPlain(python, script, module, folder), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var recorded = RunRecorded(python, script, module, folder);
        var plain = running.GetAwaiter().GetResult();
        Assert.SkipWhen(plain is [DidNotEnd], $"{module} does not end on {python} even without us");
        return [.. recorded.Except(plain).Select(line => $"with us: {line}"), .. plain.Except(recorded).Select(line => $"without: {line}")];
    }

    /// <summary>Seconds; twice what a module takes on two busy cores, with and without us at once. The two long ones start hundreds of processes and wait for sockets.</summary>
    private static string PatienceFor(string module) => module is "test_asyncio" or "test_subprocess" ? "1000" : "180";

    /// <summary>The module's own patience ends first, and says where it stood.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1100);

    private static bool IsTurn(Interpreter python, bool isLong) =>
        Environment.GetEnvironmentVariable("HOGNOSE_ALL_PYTHONS_OWN_TESTS") == "1"
        || (isLong ? Interpreters.Spread.Where((_, place) => place != 1) : Interpreters.Spread).Contains(python);

    private static bool ShipsTests(Interpreter python) =>
        BuiltTool.Execute(python.Executable, ["-c", "import test.test_gc, test.support"]).ExitCode == 0;

    private static string[] RunPlain(Interpreter python, string script, string module, TemporaryFolder folder) =>
        Results(BuiltTool.Execute(python.Executable, [script, Place(folder, "without"), module, folder.At("plain"), PatienceFor(module)], patience: Longest), folder.At("plain"));

    private static string[] RunRecorded(Interpreter python, string script, string module, TemporaryFolder folder) =>
        Results(
            BuiltTool.Execute(
                BuiltTool.Path,
                ["run", "-q", "--python", python.Executable, "-o", folder.At("own.alloc"), script, Place(folder, "with"), module, folder.At("recorded"), PatienceFor(module)],
                patience: Longest),
            folder.At("recorded"));

    private static string Place(TemporaryFolder folder, string name) => Directory.CreateDirectory(folder.At(name)).FullName;

    private static string[] Results(ToolRun run, string file)
    {
        if (run.ExitCode != 0 || !File.Exists(file))
            return [DidNotEnd];
        var lines = File.ReadAllLines(file);
        File.Delete(file);
        Assert.True(lines.Length > FewestCases, $"only {lines.Length} cases ran\n{run}");
        return lines;
    }
}
