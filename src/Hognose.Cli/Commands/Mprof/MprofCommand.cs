using Hognose.Cli.Sampling;

namespace Hognose.Cli.Commands.Mprof;

/// <summary><c>hognose mprof</c>: memory over time, with the commands, options and files of memory_profiler's mprof.</summary>
internal sealed class MprofCommand : HognoseVerb
{
    public MprofCommand(Terminal terminal)
        : base("mprof", "Memory over time, as mprof has it.")
    {
        Subcommands.Add(new MprofRunCommand(terminal, attaches: false));
        Subcommands.Add(new MprofRunCommand(terminal, attaches: true));
        Subcommands.Add(new MprofListCommand(terminal));
        Subcommands.Add(new MprofPlotCommand(terminal));
        Subcommands.Add(new MprofPeakCommand(terminal));
        Subcommands.Add(new MprofRemoveCommand(terminal, removesAll: false));
        Subcommands.Add(new MprofRemoveCommand(terminal, removesAll: true));
        SetAction(_ =>
        {
            terminal.Output.Write(HelpText);
            return MprofStopException.NothingNamed;
        });
    }

    public override string HelpText => """
        hognose mprof: sample a program's memory from outside; a drop-in for memory_profiler's mprof

        Usage:
          hognose mprof run [options] program [args ...]   run a program and sample its memory
          hognose mprof attach [options] PID|NAME          sample a running program
          hognose mprof list                               the profiles in this directory, numbered
          hognose mprof plot [options] [PROFILE ...]       draw profiles, into a file or on the terminal
          hognose mprof peak [options] [PROFILE ...]       the most memory of a profile
          hognose mprof rm [options] PROFILE ...           remove profiles
          hognose mprof clean [options]                    remove all profiles in this directory

        A PROFILE is a file, or a number of the list: 0 is the oldest, -1 the newest.
        See 'hognose mprof COMMAND --help' for the options.

        """;

    /// <summary>Brings what mprof's parser understands into the form that ours does: short options with their value or with each other in one
    /// word, a program's own options, negative numbers.</summary>
    /// <exception cref="MprofStopException">There is no such command.</exception>
    public string[] Normalize(string[] args)
    {
        if (args.Length < 2 || args[0] != Name || args[1] is "-h" or "--help")
            return args;
        var verb = Subcommands.OfType<MprofVerb>().FirstOrDefault(one => one.Name == args[1])
            ?? throw new MprofStopException(
                $"no command '{args[1]}' of mprof (there are: {string.Join(", ", Subcommands.Select(one => one.Name))})", "see 'hognose mprof --help'", MprofStopException.NothingNamed);
        return [.. args[..2], .. MprofArguments.Normalize(verb, args[2..])];
    }
}
