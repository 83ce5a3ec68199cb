using System.CommandLine;
using Hognose.Cli.Running;

namespace Hognose.Cli.Commands;

/// <summary><c>hognose memory-profiler</c>: <c>python -m memory_profiler</c> by the package's drop-in, whose options these are.</summary>
internal sealed class MemoryProfilerCommand : HognoseVerb
{
    private readonly Argument<string[]> _words = new("words") { Arity = ArgumentArity.ZeroOrMore };

    public MemoryProfilerCommand(Terminal terminal)
        : base("memory-profiler", "Tables of memory_profiler's, line by line.")
    {
        Arguments.Add(_words);
        SetAction(parsed => PackageRun.Run(terminal, null, "hognose.compat.memory_profiler", oursFirst: false, [], parsed.GetValue(_words) ?? []));
    }

    public override string HelpText => """
        hognose memory-profiler: memory_profiler's tables of functions under @profile; a drop-in for python -m memory_profiler

        Usage:
          hognose memory-profiler [options] script.py [args ...]
          hognose memory-profiler [options] module [args ...]

        It runs in the active virtualenv's python, else in python3 on PATH; that needs no package.
        Options, tables and exit statuses are those of python -m memory_profiler:

          --version             its version
          --pdb-mmem MAXMEM     into the debugger when a profiled function has more MiB
          --precision N         digits of a MiB (3)
          -o FILE               append the results to FILE
          --timestamp           when functions ran instead of their lines
          --include-children    count child processes, too (with --timestamp)
          --backend NAME        tracemalloc, psutil, psutil_pss, psutil_uss or posix
          -h, --help            show this text

        """;

    /// <summary>All that follows the command is the drop-in's to read, but for a call for help.</summary>
    public string[] SetAllApart(string[] args) =>
        args.Length < 2 || args[0] != Name || args[1] is "-h" or "--help" ? args : [args[0], "--", .. args[1..]];
}
