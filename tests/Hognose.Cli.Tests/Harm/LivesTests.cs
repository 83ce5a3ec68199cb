using Hognose.Cli.Tests.Behaviour;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Harm;

/// <summary>Programs with difficult lives (forks, threads, storms of signals, exec …) live them to the same end with us inside.</summary>
public class LivesTests
{
    /// <summary>
    /// Each life on the oldest, a middle and the newest interpreter, and on one of the others in turn; HOGNOSE_EVERY_LIFE=1 takes all. All on all were
    /// a quarter of the time of the tests.
    /// </summary>
    public static TheoryData<string, string> Lives
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var (number, life) in ProgramFiles.Lives.Order(StringComparer.Ordinal).Index())
                foreach (var (place, interpreter) in new AllInterpreters().Index())
                    if (IsTurn(interpreter.Data, number + place))
                        cases.Add(Path.GetFileNameWithoutExtension(life), interpreter.Data);
            return cases;
        }
    }

    private static bool IsTurn(string interpreter, int turn) =>
        turn % 7 == 0 || Interpreters.Spread.Contains(Interpreters.Find(interpreter)) || Environment.GetEnvironmentVariable("HOGNOSE_EVERY_LIFE") == "1";

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
