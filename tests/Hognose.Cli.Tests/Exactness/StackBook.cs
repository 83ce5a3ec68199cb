using System.Globalization;
using Hognose.Formats.Alloc;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Exactness;

/// <summary>Live bytes and blocks by stack, "file:line file:line …", outermost frame first: once as a program said it, once as it was recorded.</summary>
internal static class StackBook
{
    public static SortedDictionary<string, (long Bytes, long Blocks)> Said(string output)
    {
        var book = new SortedDictionary<string, (long, long)>(StringComparer.Ordinal);
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = line.Split(' ', 3);
            book[fields[2]] = (long.Parse(fields[0], CultureInfo.InvariantCulture), long.Parse(fields[1], CultureInfo.InvariantCulture));
        }
        return book;
    }

    public static SortedDictionary<string, (long Bytes, long Blocks)> Recorded(RecordingSummary recording)
    {
        var names = new string[recording.Stacks.Count];
        names[0] = "";
        var book = new SortedDictionary<string, (long, long)>(StringComparer.Ordinal);
        for (var stack = 1; stack < names.Length; stack++)
        {
            var frame = recording.Stacks.Frames[recording.Stacks.InnermostFrame[stack]];
            names[stack] = $"{names[recording.Stacks.ParentStack[stack]]} {frame.File}:{frame.Line}".TrimStart();
            var usage = recording.Usage[stack];
            var former = book.GetValueOrDefault(names[stack]);
            if (usage.EndBlocks != 0)
                book[names[stack]] = (former.Item1 + usage.EndBytes, former.Item2 + usage.EndBlocks);
        }
        return book;
    }

    /// <summary>Runs a program under <c>hognose run</c>; what it said, and what was recorded.</summary>
    public static (string Output, RecordingSummary Recording) Record(
        Interpreter python, TemporaryFolder folder, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        var file = folder.At("x.alloc");
        var run = BuiltTool.Execute(
            BuiltTool.Path, ["run", "-q", "-o", file, "--python", python.Executable, "--", .. arguments], folder: folder.Path, environment: environment);
        Assert.True(run.ExitCode == 0, run.ToString());
        using var stream = File.OpenRead(file);
        return (run.Output, AllocReader.Read(stream, file));
    }

    /// <summary>Both books hold the same for every stack that is compared; else says where they differ.</summary>
    public static void AssertSame(
        IReadOnlyDictionary<string, (long Bytes, long Blocks)> truth, IReadOnlyDictionary<string, (long Bytes, long Blocks)> recorded,
        Func<string, bool> isCompared)
    {
        var different = truth.Keys.Union(recorded.Keys).Where(isCompared)
            .Where(stack => truth.GetValueOrDefault(stack) != recorded.GetValueOrDefault(stack))
            .Select(stack => $"{stack}: truth {truth.GetValueOrDefault(stack)}, recorded {recorded.GetValueOrDefault(stack)}")
            .ToList();
        Assert.True(different.Count == 0, $"{different.Count} stacks differ:\n{string.Join('\n', different.Take(10))}");
    }
}
