using System.Text.Json;
using Hognose.Formats.Alloc;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Native;

/// <summary>native.py run under <c>hognose run --native-allocations</c>: what it said, and what was recorded by the function that asked.</summary>
internal sealed record NativeRecording(JsonElement Said, RecordingSummary Recording)
{
    public static NativeRecording Of(Interpreter python, TemporaryFolder folder, string? preloaded, params string[] options)
    {
        var library = CompiledLibrary.Compile(folder, "native.c");
        var file = folder.At("native.alloc");
        // Blocks in a thread's cache count as used in mallinfo2.
        var environment = new Dictionary<string, string?> { ["GLIBC_TUNABLES"] = "glibc.malloc.tcache_count=0", ["LD_PRELOAD"] = preloaded };
        var run = BuiltTool.Execute(
            BuiltTool.Path,
            [
                "run", "-q", "--native-allocations", .. options.Where(option => option.StartsWith('-')), "-o", file, "--python", python.Executable,
                CompiledLibrary.Source("native.py"), library, .. options.Where(option => !option.StartsWith('-')),
            ],
            environment: environment);
        Assert.True(run.ExitCode == 0, run.ToString());
        using var stream = File.OpenRead(file);
        return new NativeRecording(JsonDocument.Parse(run.Output).RootElement, AllocReader.Read(stream, file))
        {
            Children = [.. Directory.GetFiles(folder.Path, "*.alloc").Where(each => each != file).Select(Child)],
        };
    }

    private static NativeRecording Child(string file)
    {
        using var stream = File.OpenRead(file);
        return new NativeRecording(default, AllocReader.Read(stream, file));
    }

    /// <summary>Of the processes that native.py forked.</summary>
    public IReadOnlyList<NativeRecording> Children { get; private init; } = [];

    /// <summary>What C code allocated, called by lines of a function (null: by no Python code).</summary>
    public StackUsage Of(string? function)
    {
        var sum = default(StackUsage);
        for (var stack = 1; stack < Recording.Usage.Length; stack++)
        {
            var asking = Recording.Stacks.OfPython(stack);
            if (asking == stack || NameOf(asking) != function)
                continue;
            var usage = Recording.Usage[stack];
            sum.TotalBytes += usage.TotalBytes;
            sum.TotalBlocks += usage.TotalBlocks;
            sum.EndBytes += usage.EndBytes;
            sum.EndBlocks += usage.EndBlocks;
        }
        return sum;
    }

    private string? NameOf(int stack) => stack == 0 ? null : Recording.Stacks.Frames[Recording.Stacks.InnermostFrame[stack]].Function;
}
