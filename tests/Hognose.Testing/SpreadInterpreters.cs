using Xunit;

namespace Hognose.Testing;

/// <summary>
/// Names of the oldest, a middle and the newest interpreter that is there, for what is slow and differs little between versions (who is killed when, how deep
/// a list may be); HOGNOSE_EVERY_LIFE=1 takes all.
/// </summary>
public sealed class SpreadInterpreters : TheoryData<string>
{
    public SpreadInterpreters()
    {
        foreach (var name in Environment.GetEnvironmentVariable("HOGNOSE_EVERY_LIFE") == "1" ? new AllInterpreters().Select(row => row.Data) : Interpreters.Spread.Select(python => python.Minor))
            Add(name);
    }
}
