using Hognose.Diagnostics;
using Hognose.Targets.Attach;
using Hognose.Targets.Elf;
using Hognose.Targets.Freezing;
using Hognose.Targets.Launch;
using Hognose.Targets.Memory;
using Hognose.Targets.Processes;
using Hognose.Testing;

namespace Hognose.Targets.Tests.Attach;

/// <summary>The agent's library comes into a program by calls that it is made to make, and each instant of them may be our last.</summary>
public class AgentDeliveryTests
{
    /// <summary>Its main thread is asleep in a read.</summary>
    private const string Program = """
        import os, sys
        print("ready", flush=True)
        while True:
            line = os.read(0, 100)
            if not line: break
            print(sum(len(str(number)) for number in range(1000)))
            print("ready", flush=True)
        print("whole")
        """;

    public static TheoryData<string> Steps =>
        [.. Enum.GetValues<CallStep>().Where(step => step != CallStep.Cloned).Select(step => step.ToString())];

    [Theory]
    [MemberData(nameof(Steps))]
    public void A_program_finds_home_from_each_step_of_a_call_that_we_do_not_finish(string name)
    {
        var step = Enum.Parse<CallStep>(name);
        // The call that makes a file, that of the loader, that of the agent.
        foreach (var which in (int[])[1, 2, 3])
        {
            using var program = TargetProgram.StartText(Interpreters.Any, Program);
            var met = 0;
            Deliver(program, each => each == step && ++met == which);
            Assert.True(met >= which, $"{step} came {met} times");
            Assert.Equal("2890\n", program.Ask("go on"));
            Assert.Equal((0, "whole\n", ""), program.Finish());
        }
    }

    [Fact]
    public void The_library_is_loaded_once_and_no_descriptor_stays()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, Program);
        var before = Descriptors(program).Length;
        for (var turn = 0; turn < 3; turn++)
            Deliver(program, null);

        var mapped = File.ReadLines($"/proc/{program.Pid}/maps").Where(line => line.Contains("hognose-agent", StringComparison.Ordinal)).ToList();
        // One executable part, so one copy; and no page that is written and run.
        Assert.Single(mapped, line => line.Contains(" r-xp ", StringComparison.Ordinal));
        Assert.DoesNotContain(mapped, line => line.Contains("wx", StringComparison.Ordinal));
        Assert.Equal(before, Descriptors(program).Length);
        Assert.Equal((0, "whole\n", ""), program.Finish());
    }

    [Fact]
    public void What_was_made_there_is_closed_there_when_the_agent_cannot_be_sent()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, Program);
        using var folder = new TemporaryFolder();
        var copy = folder.At(AgentLibrary.FileName);
        File.Copy(AgentPath, copy);
        var before = Descriptors(program);
        using var library = Library(copy);
        var delivery = Prepare(program, library, null);
        File.Delete(copy);
        var (region, there) = delivery.CreateRegion(1 << 20);
        region.Dispose();
        Assert.Throws<FileNotFoundException>(() => delivery.Ask(AgentWish.End, there, 0, () => true));
        Assert.Equal(before, Descriptors(program));

        // More than there can be: the file is there, and cannot be made as long.
        Assert.Throws<CannotContinueException>(() => delivery.CreateRegion(long.MaxValue));
        Assert.Equal(before, Descriptors(program));

        (region, there) = delivery.CreateRegion(1 << 20);
        region.Dispose();
        delivery.TakeBack(there);
        Assert.Equal(before, Descriptors(program));
        Assert.Equal((0, "whole\n", ""), program.Finish());
    }

    [Fact]
    public void A_stopped_program_is_refused()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, Program);
        Assert.True(ProcessSignal.TrySend(program.Pid, 19));
        while (TargetProcess.Open(program.Pid).ReadStatus().State != 'T')
            Thread.Sleep(1);

        var refused = Assert.Throws<CannotContinueException>(() => Deliver(program, null));
        Assert.Contains("stopped by a signal", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Asks an agent that records nothing to end that.</summary>
    private static void Deliver(TargetProgram program, Func<CallStep, bool>? diesAt)
    {
        using var library = Library(AgentPath);
        Prepare(program, library, diesAt).Ask(AgentWish.End, -1, 0, () => true);
    }

    private static string AgentPath => Path.Combine(Path.GetDirectoryName(BuiltTool.Path)!, AgentLibrary.FileName);

    private static AgentLibrary Library(string path)
    {
        Environment.SetEnvironmentVariable(AgentLibrary.PathVariable, path);
        return AgentLibrary.Open();
    }

    private static AgentDelivery Prepare(TargetProgram program, AgentLibrary library, Func<CallStep, bool>? diesAt)
    {
        var process = TargetProcess.Open(program.Pid);
        var images = LoadedImage.Find(process.ReadMappings(Limits.Default));
        var nowhere = new AddressRange(TargetAddress.Null, 0);
        var places = new CallPlaces(nowhere, [], nowhere, images, process.Memory);
        return AgentDelivery.Prepare(process, places, library, Limits.Default, diesAt);
    }

    private static string[] Descriptors(TargetProgram program) => Directory.GetFileSystemEntries($"/proc/{program.Pid}/fd");
}
