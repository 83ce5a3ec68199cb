using Hognose.Cli.Tests.Behaviour;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Native;

/// <summary>Difficult lives with hooks in every library: an executable at a fixed address, whose slots are another's than a library's, and the newest Python, in turn.</summary>
public class NativeLivesTests
{
    public static TheoryData<string, string> Lives
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var life in ProgramFiles.Lives)
                cases.Add(Path.GetFileNameWithoutExtension(life), cases.Count % 2 == 0 ? "3.11 static" : "3.15");
            return cases;
        }
    }

    [Theory, MemberData(nameof(Lives))]
    public void A_difficult_life_goes_on_with_C_code_hooked(string life, string interpreter)
    {
        using var folder = new TemporaryFolder();

        var twins = TwinRun.Of(Interpreters.Find(interpreter), [ProgramFiles.At($"Lives/{life}.py")], folder, options: ["--native-allocations"]);

        twins.MustBeAlike();
        twins.MustHaveRecorded();
    }
}
