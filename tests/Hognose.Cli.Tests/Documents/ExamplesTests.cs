using System.Text.Json;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Documents;

/// <summary>Each example says at its top what Hognose shows of it. It does.</summary>
public class ExamplesTests
{
    [Theory]
    [InlineData("unbounded_cache", "rendered_page")]
    [InlineData("cycle_with_payload", "Connection.__init__")]
    [InlineData("closure_over_frame", "make_handler")]
    [InlineData("growing_list", "process")]
    public void Who_leaks_leads_what_is_held_at_the_end(string example, string function)
    {
        foreach (var python in Interpreters.Spread)
        {
            using var folder = new TemporaryFolder();

            var run = BuiltTool.Run("run", "--python", python.Executable, "-o", folder.At("x.alloc"), Script(example));

            var section = run.Errors[run.Errors.LastIndexOf("  Held at the end  ", StringComparison.Ordinal)..];
            var first = section.Split('\n').First(line => line.Contains($"{example}.py:", StringComparison.Ordinal));
            // Qualified names came with code objects of 3.11 (co_qualname).
            Assert.Contains(python.Version >= new Version(3, 11) ? function : function.Split('.')[^1], first, StringComparison.Ordinal);
            Assert.Equal(first, section.Split('\n')[2]);
        }
    }

    [Theory]
    [InlineData("unbounded_cache", "str", 20_000)]
    [InlineData("cycle_with_payload", "bytearray", 5_000)]
    [InlineData("closure_over_frame", "list", 400)]
    [InlineData("growing_list", "dict", 150_000)]
    public void What_leaks_leads_the_types_of_the_heap(string example, string type, long atLeast)
    {
        foreach (var python in Interpreters.Spread)
        {
            using var program = new ServingExample(python, Script(example));

            var heap = BuiltTool.Run("heap", program.Pid, "--json");

            Assert.True(heap.ExitCode == 0, heap.ToString());
            var first = JsonDocument.Parse(heap.Output).RootElement.GetProperty("types")[0];
            Assert.Equal(type, first.GetProperty("name").GetString());
            Assert.InRange(first.GetProperty("objects").GetInt64(), atLeast, long.MaxValue);
        }
    }

    /// <summary>The rules of verdicts, each on the program that was made for it; and the account of each is the kernel's, to the byte.</summary>
    [Theory]
    [InlineData("growing_list", "held", "module __main__.audit_trail")]
    [InlineData("cycle_with_payload", "garbage", "")]
    [InlineData("scattered_survivors", "fragmentation", "str held by module __main__.notes[i]")]
    [InlineData("freed_but_kept", "retention", "")]
    [InlineData("native_leak", "native", "")]
    public void The_verdict_names_the_cause(string example, string kind, string who)
    {
        foreach (var python in Interpreters.Spread)
        {
            using var program = new ServingExample(python, Script(example));

            var run = BuiltTool.Run("rss", program.Pid, "--json");

            Assert.True(run is { ExitCode: 0, Errors: "" }, run.ToString());
            var root = JsonDocument.Parse(run.Output).RootElement;
            Assert.Equal((kind, who), (root.GetProperty("verdict").GetProperty("kind").GetString(), root.GetProperty("verdict").GetProperty("who").GetString()));
            Assert.Equal(
                root.GetProperty("mappings").EnumerateArray().Sum(mapping => mapping.GetProperty("resident_bytes").GetInt64()),
                root.GetProperty("parts").EnumerateArray().Sum(part => part.GetProperty("resident_bytes").GetInt64()));
            if (kind != "native")
                Assert.InRange(root.GetProperty("totals").GetProperty("explained_share").GetDouble(), 0.95, 1);
        }
    }

    private static string Script(string example) => Path.Combine(Repository.Root, "examples", example + ".py");

    private sealed class ServingExample : IDisposable
    {
        private readonly System.Diagnostics.Process process;

        public ServingExample(Interpreter python, string script)
        {
            process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(python.Executable, [script, "--serve"]) { RedirectStandardOutput = true })!;
            while (process.StandardOutput.ReadLine() is { } line && !line.Contains("PID", StringComparison.Ordinal))
            {
            }
        }

        public string Pid => $"{process.Id}";

        public void Dispose()
        {
            process.Kill();
            process.Dispose();
        }
    }
}
