using System.CommandLine;
using Hognose.Cli.Recordings;
using Hognose.Cli.Sampling;
using Hognose.Diagnostics;

namespace Hognose.Cli.Commands.Mprof;

/// <summary><c>hognose mprof rm</c> and <c>clean</c>: removes profiles that are named, or all of the current directory.</summary>
internal sealed class MprofRemoveCommand : MprofVerb
{
    private readonly Option<bool> _dryRun = new("--dry-run");
    private readonly Argument<string[]> _profiles = new("profile") { Arity = ArgumentArity.ZeroOrMore };
    private readonly bool _removesAll;

    public MprofRemoveCommand(Terminal terminal, bool removesAll)
        : base(removesAll ? "clean" : "rm", removesAll ? "Remove all profiles." : "Remove profiles.")
    {
        _removesAll = removesAll;
        Options.Add(_dryRun);
        if (!removesAll)
            Arguments.Add(_profiles);
        SetAction(parsed => Remove(parsed, terminal));
    }

    public override string HelpText => $"""
        hognose mprof {Name}: {(_removesAll ? "remove all profiles in this directory" : "remove profiles")}

        Usage:
          hognose mprof {(_removesAll ? "clean [options]" : "rm [options] PROFILE ...")}

        {(_removesAll ? "Profiles are files named mprofile_<YYYYMMDDhhmmss>.dat." : "A PROFILE is a file, or a number of 'hognose mprof list'; -1 is the newest.")}
        A file '..._ts.dat' that belongs to one goes with it.

        Options:
          --dry-run    say what would be removed, and remove nothing
          --version    show the version
          -h, --help   show this text

        Exit status: 0; {(_removesAll ? "" : "1 when nothing is named; ")}2 when a file is not there or cannot be removed.

        """;

    private int Remove(ParseResult parsed, Terminal terminal)
    {
        var words = _removesAll ? [] : parsed.GetValue(_profiles) ?? [];
        if (!_removesAll && words.Length == 0)
            throw new MprofStopException("no profile to remove", "give its number or file; see 'hognose mprof list'", MprofStopException.NothingNamed);
        // All are found before the first one goes: numbers change with every removal.
        var files = ProfileFiles.WithTimestampFiles(_removesAll ? ProfileFiles.All() : ProfileFiles.Named(words, fileWins: false));
        if (parsed.GetValue(_dryRun))
            terminal.Output.WriteLine("Files to be removed: ");
        foreach (var file in files)
            if (parsed.GetValue(_dryRun))
                terminal.Output.WriteLine(file);
            else
                Delete(file);
        return 0;
    }

    private static void Delete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new CannotContinueException($"cannot remove '{file}': {FileTrouble.Of(trouble)}", "check its folder's permissions", trouble);
        }
    }
}
