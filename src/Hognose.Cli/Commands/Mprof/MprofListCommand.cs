using Hognose.Cli.Sampling;

namespace Hognose.Cli.Commands.Mprof;

/// <summary><c>hognose mprof list</c>: the profiles in the current directory.</summary>
internal sealed class MprofListCommand : MprofVerb
{
    public MprofListCommand(Terminal terminal)
        : base("list", "List profiles.") => SetAction(_ => List(terminal));

    public override string HelpText => """
        hognose mprof list: the profiles in this directory, oldest first

        Usage:
          hognose mprof list

        Prints a line for each: its number, its file, and when it was made (HH:MM:SS DD/MM/YYYY).

        Options:
          --version    show the version
          -h, --help   show this text

        Exit status: 0.

        """;

    private static int List(Terminal terminal)
    {
        var number = 0;
        foreach (var profile in ProfileFiles.All())
        {
            var stamp = ProfileFiles.StampOf(profile);
            terminal.Output.WriteLine($"{number++} {profile} {stamp[8..10]}:{stamp[10..12]}:{stamp[12..14]} {stamp[6..8]}/{stamp[4..6]}/{stamp[..4]}");
        }
        return 0;
    }
}
