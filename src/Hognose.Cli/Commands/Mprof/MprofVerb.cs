using System.CommandLine;

namespace Hognose.Cli.Commands.Mprof;

/// <summary>A command of <c>hognose mprof</c>. As with mprof, each knows --version.</summary>
internal abstract class MprofVerb : HognoseVerb
{
    protected MprofVerb(string name, string description)
        : base(name, description) => Options.Add(new VersionOption("--version") { Action = new VersionTextAction() });

    /// <summary>Everything from the first word that is no option on belongs to a program, whatever it looks like.</summary>
    public virtual bool EndsWithProgram => false;
}
