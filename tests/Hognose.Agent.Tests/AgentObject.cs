using System.Text.RegularExpressions;
using Hognose.Testing;

namespace Hognose.Agent.Tests;

/// <summary>The object file that ILC made of the agent, as objdump shows its code.</summary>
internal static partial class AgentObject
{
    /// <summary>Every symbol that a method of the agent refers to and that is not the agent's own.</summary>
    public static IReadOnlyCollection<string> OutsideReferences()
    {
        _ = BuiltTool.Path;
        var file = Path.Combine(Repository.Root, "src/Hognose.Agent/obj/Release/net10.0/linux-x64/native/hognose_agent.o");
        Assert.True(File.Exists(file), $"{file} is not there");
        var run = BuiltTool.Execute("objdump", ["-dr", "--no-show-raw-insn", file]);
        Assert.True(run.ExitCode == 0, run.Errors);

        var symbols = new SortedSet<string>(StringComparer.Ordinal);
        var isOurs = false;
        foreach (var line in run.Output.Split('\n'))
        {
            if (Method().Match(line) is { Success: true } method)
                isOurs = method.Groups[1].ValueSpan.StartsWith("hognose_agent");
            else if (isOurs && Relocation().Match(line) is { Success: true } relocation)
                symbols.Add(relocation.Groups[1].Value);
        }
        symbols.RemoveWhere(symbol => symbol.Contains("hognose_agent", StringComparison.Ordinal));
        return symbols;
    }

    [GeneratedRegex("^[0-9a-f]+ <(.+)>:$")]
    private static partial Regex Method();

    [GeneratedRegex(@"\sR_X86_64_\w+\s+([^\s+-]+)")]
    private static partial Regex Relocation();
}
