using System.CommandLine;
using System.Globalization;
using Hognose.Cli.Sampling;
using Hognose.Formats.Mprof;
using Hognose.Insights.Profiles;

namespace Hognose.Cli.Commands.Mprof;

/// <summary><c>hognose mprof peak</c>: the most memory of each profile.</summary>
internal sealed class MprofPeakCommand : MprofVerb
{
    private readonly Option<string> _function = new("--func");
    private readonly Argument<string[]> _profiles = new("profile") { Arity = ArgumentArity.ZeroOrMore };

    public MprofPeakCommand(Terminal terminal)
        : base("peak", "Print the most memory of a profile.")
    {
        Options.Add(_function);
        Arguments.Add(_profiles);
        SetAction(parsed => Print(parsed, terminal));
    }

    public override string HelpText => """
        hognose mprof peak: the most memory that was sampled

        Usage:
          hognose mprof peak [options] [PROFILE ...]

        Without a PROFILE (a file, or a number of 'hognose mprof list') the newest of this directory is taken.
        Child processes that were noted on their own (mprof run -M) follow in lines of their own.

        Options:
          --func NAME   only samples taken while this function ran ("module.name", as '__main__.load'); NaN when there is none
          --version     show the version
          -h, --help    show this text

        Exit status: 0; 2 when a file cannot be read; 255 when there is no profile.

        """;

    private int Print(ParseResult parsed, Terminal terminal)
    {
        foreach (var file in ProfileFiles.ToShow(parsed.GetValue(_profiles) ?? [], terminal.Output))
            Print(file, ProfileFiles.Read(file, terminal.Error), parsed.GetValue(_function), terminal.Output);
        return 0;
    }

    private static void Print(string file, MprofProfile profile, string? function, TextWriter output)
    {
        var peak = function is null ? ProfilePeak.Of(profile.Samples) : ProfilePeak.During(profile, function);
        if (peak is null)
        {
            output.WriteLine($"{file}\tNaN MiB");
            return;
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file}\t{peak.Value.MebiBytes:F3} MiB"));
        foreach (var child in profile.Children)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  Child {child.ProcessId}\t\t\t{ProfilePeak.Of(child.Samples).MebiBytes:F3} MiB"));
    }
}
