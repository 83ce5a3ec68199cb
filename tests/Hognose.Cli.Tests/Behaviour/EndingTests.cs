using Hognose.Testing;

namespace Hognose.Cli.Tests.Behaviour;

/// <summary>However a program ends, its streams and its status are what they would be without us, and the recording is whole.</summary>
public class EndingTests
{
    public static TheoryData<string, string> Endings { get; } = new()
    {
        { "falls off the end", "print('ü', len([str(i) for i in range(1000)]))" },
        { "sys.exit(3)", "import sys; sys.exit(3)" },
        { "sys.exit(text)", "import sys; sys.exit('a last word')" },
        { "sys.exit(256 + 7)", "import sys; sys.exit(263)" },
        { "an exception", "def fails():\n    return {}['missing']\nfails()" },
        { "a syntax error", "def broken(:" },
        { "os._exit(7)", "import os; os.write(1, b'x'); os._exit(7)" },
        { "SIGKILL", "import os, signal; [str(i) for i in range(10000)]; os.kill(os.getpid(), signal.SIGKILL)" },
        { "SIGTERM", "import os, signal; os.kill(os.getpid(), signal.SIGTERM)" },
        { "SIGABRT", "import os, signal; os.abort()" },
        { "SIGSEGV", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)" },
        { "KeyboardInterrupt", "import os, signal, time; signal.signal(signal.SIGINT, signal.default_int_handler); os.kill(os.getpid(), signal.SIGINT); time.sleep(60)" },
        { "SIGPIPE", "import os, signal; signal.signal(signal.SIGPIPE, signal.SIG_DFL); r, w = os.pipe(); os.close(r); os.write(w, b'x')" },
        { "a broken stdout", "import os, sys; r, w = os.pipe(); os.close(r); os.dup2(w, 1); print('x' * 100000)" },
    };

    [Theory]
    [MemberData(nameof(Endings))]
    public void A_program_ends_as_without_us(string ending, string program)
    {
        _ = ending;
        foreach (var python in Interpreters.Spread)
        {
            using var folder = new TemporaryFolder();

            var twins = TwinRun.Of(python, ["-c", program], folder);

            twins.MustBeAlike();
            twins.MustHaveRecorded();
        }
    }

    [Fact]
    public void Bytes_of_stdin_and_stdout_pass_unchanged()
    {
        using var folder = new TemporaryFolder();
        var program = "import sys, hashlib; data = sys.stdin.buffer.read(); print(len(data), hashlib.sha256(data).hexdigest())";
        var input = string.Concat(Enumerable.Range(0, 200_000).Select(number => $"{number} ÿ\n"));

        TwinRun.Of(Interpreters.Any, ["-c", program], folder, input).MustBeAlike();
    }

    [Fact]
    public void Output_is_there_while_the_program_still_runs()
    {
        using var folder = new TemporaryFolder();
        using var program = TargetProgram.Start(
            BuiltTool.Path,
            ["run", "-q", "-o", folder.At("x.alloc"), "--python", Interpreters.Any.Executable, "-c", "print('ready', flush=True); print(input())"]);

        Assert.Equal("", program.Truth);
        Assert.Equal("", program.Finish().Output);
    }
}
