using Hognose.Testing;

namespace Hognose.Cli.Tests.Behaviour;

// A class each for the long ones, since those of a class run one after the other.

/// <inheritdoc/>
public class PythonsOwnAsyncioTests : PythonsOwnTests
{
    /// <summary>Takes minutes, as <see cref="PythonsOwnSubprocessTests"/> do.</summary>
    [Theory, ClassData(typeof(AllInterpreters))]
    public void Asyncio_has_the_results_that_it_has_without_us(string interpreter) => MustBeAlike("test_asyncio", interpreter, isLong: true);
}

/// <inheritdoc/>
public class PythonsOwnSubprocessTests : PythonsOwnTests
{
    /// <summary>Every process that the module starts is recorded, and that takes minutes: not on the middle one.</summary>
    [Theory, ClassData(typeof(AllInterpreters))]
    public void Subprocess_has_the_results_that_it_has_without_us(string interpreter) => MustBeAlike("test_subprocess", interpreter, isLong: true);
}

/// <inheritdoc/>
public class PythonsOwnThreadingTests : PythonsOwnTests
{
    [Theory, ClassData(typeof(AllInterpreters))]
    public void Threading_has_the_results_that_it_has_without_us(string interpreter) => MustBeAlike("test_threading", interpreter);
}

/// <inheritdoc/>
public class PythonsOwnObjectTests : PythonsOwnTests
{
    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var module in (string[])["test_gc", "test_list", "test_dict"])
                foreach (var interpreter in new AllInterpreters())
                    cases.Add(module, interpreter.Data);
            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void A_module_has_the_results_that_it_has_without_us(string module, string interpreter) => MustBeAlike(module, interpreter);
}
