using Hognose.Formats.Alloc;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Exactness;

/// <summary>
/// The same program twice, once with tracemalloc and once recorded: for every stack of the workload both must hold the same bytes in the same
/// number of blocks. The two are not in one process, since tracemalloc's own tables are allocations too, which a recording rightly shows.
/// </summary>
public class TracemallocTests
{
    private const int RandomPrograms = 3;
    private static readonly string Folder = Path.Combine(Repository.Root, "tests/Hognose.Cli.Tests/Exactness");
    private static readonly string Driver = Path.Combine(Folder, "driver.py");
    private static readonly string Call = $"{Driver}:{Array.FindIndex(File.ReadAllLines(Driver), line => line.StartsWith("kept = ", StringComparison.Ordinal)) + 1} ";

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void Every_stack_holds_what_tracemalloc_says(string name) =>
        Compare(Interpreters.Find(name), Path.Combine(Folder, "kinds.py"), "pymalloc");

    [Theory]
    [InlineData("malloc")]
    [InlineData("debug")]
    [InlineData("malloc_debug")]
    public void Every_stack_holds_what_tracemalloc_says_under_other_allocators(string allocator)
    {
        foreach (var python in Interpreters.Spread)
            Compare(python, Path.Combine(Folder, "kinds.py"), allocator);
    }

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void Random_programs_hold_what_tracemalloc_says(string name)
    {
        var python = Interpreters.Find(name);
        for (var seed = 1; seed <= RandomPrograms; seed++)
        {
            using var folder = new TemporaryFolder();
            File.WriteAllText(folder.At("random.py"), new RandomProgram(seed).ToString());
            Compare(python, folder.At("random.py"), "pymalloc");
        }
    }

    private static void Compare(Interpreter python, string workload, string allocator)
    {
        using var folder = new TemporaryFolder();
        var environment = new Dictionary<string, string?> { ["PYTHONHASHSEED"] = "0", ["PYTHONMALLOC"] = allocator, ["PYTHONDONTWRITEBYTECODE"] = "1" };
        var truth = BuiltTool.Execute(python.Executable, [Driver, "truth", workload], folder: folder.Path, environment: environment);
        Assert.True(truth.ExitCode == 0, truth.ToString());
        var (_, recording) = StackBook.Record(python, folder, environment, Driver, "recorded", workload);

        var said = StackBook.Said(truth.Output);
        Assert.True(said.Keys.Count(IsOfWorkload) > 5, "the workload holds next to nothing");
        StackBook.AssertSame(said, StackBook.Recorded(recording), IsOfWorkload);
        IsSound(recording.Facts);

        // The workload runs below one line of the driver; what the driver does itself differs between the two.
        bool IsOfWorkload(string stack) => stack.StartsWith(Call, StringComparison.Ordinal);
    }

    private static void IsSound(RecordingFacts facts)
    {
        Assert.Equal("", facts.StoppedBecause);
        Assert.Equal((0, 0, 0), (facts.LostEvents, facts.DuplicateAllocations, facts.UnknownFrees));
    }
}
