using Hognose.Testing;

namespace Hognose.Cli.Tests.Behaviour;

/// <summary>What a program can see of itself: arguments, environment, descriptors, signals, threads, modules, limits.</summary>
public class StateTests
{
    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void A_script_sees_nothing_of_us(string name) => MustSeeNothing(name, [ProgramFiles.State, "one", "-o", "two words", "--", ""]);

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void Code_on_the_command_line_sees_nothing_of_us(string name) => MustSeeNothing(name, ["-c", File.ReadAllText(ProgramFiles.State), "-q", "ü"]);

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void A_program_on_stdin_sees_nothing_of_us(string name) => MustSeeNothing(name, ["-", "argument"], File.ReadAllText(ProgramFiles.State));

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void A_module_sees_nothing_of_us(string name)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.At("package"));
        folder.Write("package/__init__.py", "");
        folder.Write("package/__main__.py", File.ReadAllText(ProgramFiles.State));

        TwinRun.Of(Interpreters.Find(name), ["-m", "package", "argument"], folder).MustBeAlike();
    }

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void A_folder_with_a_main_sees_nothing_of_us(string name)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.At("app"));
        folder.Write("app/__main__.py", File.ReadAllText(ProgramFiles.State));

        TwinRun.Of(Interpreters.Find(name), ["app"], folder).MustBeAlike();
    }

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void Options_of_python_reach_it(string name) =>
        MustSeeNothing(name, ["-X", "dev", "-W", "ignore::UserWarning", "-O", "-B", ProgramFiles.State]);

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void Isolated_python_without_site_is_recorded_too(string name)
    {
        using var folder = new TemporaryFolder();

        var twins = TwinRun.Of(Interpreters.Find(name), ["-I", "-S", ProgramFiles.State], folder);

        twins.MustBeAlike();
        twins.MustHaveRecorded();
    }

    [Theory]
    [InlineData("PYTHONMALLOC", "malloc")]
    [InlineData("PYTHONMALLOC", "debug")]
    [InlineData("PYTHONHASHSEED", "3")]
    [InlineData("LD_PRELOAD", "")]
    [InlineData("LD_PRELOAD", "libm.so.6")]
    [InlineData("LC_ALL", "C")]
    public void Variables_of_the_environment_keep_their_meaning(string variable, string value)
    {
        foreach (var python in Interpreters.Spread)
        {
            using var folder = new TemporaryFolder();

            TwinRun.Of(python, [ProgramFiles.State], folder, environment: new Dictionary<string, string?> { [variable] = value }).MustBeAlike();
        }
    }

    [Fact]
    public void An_interpreter_started_through_a_loader_sees_nothing_of_us()
    {
        using var folder = new TemporaryFolder();
        var twins = TwinRun.Of(Interpreters.Find(InterpreterForm.ThroughLoader), [ProgramFiles.State], folder);

        twins.MustBeAlike();
        twins.MustHaveRecorded();
    }

    private static void MustSeeNothing(string name, string[] program, string input = "")
    {
        using var folder = new TemporaryFolder();

        var twins = TwinRun.Of(Interpreters.Find(name), program, folder, input);

        Assert.Equal(0, twins.Plain.ExitCode);
        twins.MustBeAlike();
    }
}
