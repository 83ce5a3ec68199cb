using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Hognose.Testing;
using ZstdSharp;

namespace Hognose.Cli.Tests.Heaps;

/// <summary>What of a program's contents and names gets into a <c>*.heap</c> file: its bytes are searched, decompressed.</summary>
public sealed class SecretsTests
{
    /// <summary>Each value is made while the program runs: constants of its code would be values, too, and its text stands in argv only.</summary>
    private const string Program = """
        import sys, threading
        def made(*parts): return "".join(reversed(parts))
        class Customer:
            def __init__(self): self.taxnumber = made("word", "pass", "value-of-")
        text = made("word", "pass", "text-")
        raw = made("word", "pass", "bytes-").encode()
        wide = made("word", "pass", "wide-\u0394-")
        number = int(made("0123", "98765432"))
        fraction = float(made("25", "4711.0"))
        keyed = {made("word", "pass", "key-"): 1, ("tuple", made("word", "pass", "within-")): 2}
        chosen = {made("word", "pass", "member-")}
        customer = Customer()
        def serve(argument):
            variable = made("word", "pass", "local-")
            print("ready", flush=True); sys.stdin.readline()
        threading.current_thread().name = made("name", "thread-")
        serve(made("word", "pass", "argument-"))
        """;

    private static readonly string[] Values =
    [
        "value-of-password", "text-password", "bytes-password", "wide-\u0394-password", "key-password", "within-password", "member-password", "local-password",
        "argument-password", "987654320123", "4711.025",
    ];

    private static readonly string[] Names = ["taxnumber", "customer", "keyed", "fraction", "variable", "argument", "thread-name"];

    [Theory, InlineData("3.8"), InlineData("3.11 static"), InlineData("3.12"), InlineData("3.14")]
    public void Values_are_in_the_file_only_when_asked_for_and_names_only_when_not_redacted(string name)
    {
        using var folder = new TemporaryFolder();
        using var program = TargetProgram.StartText(Interpreters.Find(name), Program);
        var plain = BytesOf(program.Pid, folder.At("plain.heap"));
        var redacted = BytesOf(program.Pid, folder.At("redacted.heap"), "--redact");
        var whole = BytesOf(program.Pid, folder.At("whole.heap"), "--contents");

        Assert.Equal([], Values.Where(value => Holds(plain, value)));
        Assert.Equal(Names, Names.Where(each => Holds(plain, each)));
        Assert.Equal([], Values.Concat(Names).Where(value => Holds(redacted, value)));
        Assert.Equal(Values, Values.Where(value => Holds(whole, value)));

        var way = BuiltTool.Run("why", folder.At("redacted.heap"), "__main__.Customer", "--json");
        Assert.True(way.ExitCode == 0, way.ToString());
        Assert.Matches("\"held_by\": \"module __main__\\.x[0-9a-f]{10}\"", way.Output);
        var short3 = BytesOf(program.Pid, folder.At("three.heap"), "--contents=3");
        Assert.Equal([], Values[..^2].Where(value => Holds(short3, value)));
        Assert.True(Holds(short3, "'tex…'"));
        Assert.Equal(0, program.Finish().ExitCode);
    }

    [Fact]
    public void Hiding_names_and_keeping_values_do_not_go_together()
    {
        var run = BuiltTool.Run("snapshot", "1", "--redact", "--contents");
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("give one of them", run.Errors, StringComparison.Ordinal);
    }

    private static bool Holds(byte[] bytes, string text) => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    private static byte[] BytesOf(int processId, string file, params string[] options)
    {
        var run = BuiltTool.Run(["snapshot", processId.ToString(CultureInfo.InvariantCulture), "-o", file, .. options]);
        Assert.True(run.ExitCode == 0, run.ToString());
        return Decompressed(File.ReadAllBytes(file));
    }

    /// <summary>All blocks' contents: docs/formats/alloc.md draws the head of a block.</summary>
    private static byte[] Decompressed(byte[] file)
    {
        const int fileHead = 16, blockHead = 24, storedLength = 4, flags = 12;
        using var all = new MemoryStream();
        using var decompressor = new Decompressor();
        for (var at = fileHead; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + storedLength));
            var stored = file.AsSpan(at + blockHead, length);
            all.Write(BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + flags)) == 1 ? decompressor.Unwrap(stored) : stored);
            at += blockHead + length;
        }
        return all.ToArray();
    }
}
