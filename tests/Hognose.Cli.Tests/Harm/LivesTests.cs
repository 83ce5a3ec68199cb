using Hognose.Cli.Tests.Behaviour;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Harm;

/// <summary>Programs with difficult lives (forks, threads, storms of signals, exec …) live them to the same end with us inside.</summary>
public class LivesTests
{
    public static TheoryData<string, string> Lives
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var life in ProgramFiles.Lives)
                foreach (var interpreter in new AllInterpreters())
                    cases.Add(Path.GetFileNameWithoutExtension(life), interpreter.Data);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Lives))]
    public void A_difficult_life_goes_on_as_without_us(string life, string interpreter)
    {
        using var folder = new TemporaryFolder();

        var twins = TwinRun.Of(Interpreters.Find(interpreter), [ProgramFiles.At($"Lives/{life}.py")], folder);

        twins.MustBeAlike();
        twins.MustHaveRecorded();
    }
}
