using System.CommandLine;
using System.Globalization;
using Hognose.Cli.Recordings;
using Hognose.Cli.Sampling;
using Hognose.Diagnostics;
using Hognose.Reports.Charts;
using Hognose.Reports.Terminal;

namespace Hognose.Cli.Commands.Mprof;

/// <summary><c>hognose mprof plot</c>: draws profiles, into a file or on the terminal.</summary>
internal sealed class MprofPlotCommand : MprofVerb
{
    private readonly Option<string> _title = new("--title", "-t");
    private readonly Option<bool> _noFunctions = new("--no-function-ts", "-n");
    private readonly Option<string> _output = new("--output", "-o");
    private readonly Option<string> _window = new("--window", "-w");
    private readonly Option<bool> _flame = new("--flame", "-f");
    private readonly Option<bool> _slope = new("--slope", "-s");
    private readonly Option<string> _backend = new("--backend");
    private readonly Argument<string[]> _profiles = new("profile") { Arity = ArgumentArity.ZeroOrMore };

    public MprofPlotCommand(Terminal terminal)
        : base("plot", "Draw profiles.")
    {
        foreach (var option in (Option[])[_title, _noFunctions, _output, _window, _flame, _slope, _backend])
            Options.Add(option);
        Arguments.Add(_profiles);
        SetAction(parsed => Plot(parsed, terminal));
    }

    public override string HelpText => """
        hognose mprof plot: draw memory over time

        Usage:
          hognose mprof plot [options] [PROFILE ...]

        Without a PROFILE (a file, or a number of 'hognose mprof list') the newest of this directory is taken; several are laid
        over each other, each from its own start. Without --output the picture is drawn here, on the terminal.

        Options:
          -o, --output FILE      a picture: .png, .svg, .pdf, .jpg or .webp, or .html for a page with the figures beneath it
          -t, --title TEXT       in place of the command line
          -n, --no-function-ts   without marked functions and the peak
          -w, --window A,B       only from second A to second B
          -f, --flame            functions as stacked boxes in place of brackets
          -s, --slope            a straight line through the samples, and its slope in MiB a second
          --backend NAME         taken for compatibility: matplotlib is not used; svg, pdf and agg (png) name the format of
                                 an --output without one
          --version              show the version
          -h, --help             show this text

        Examples:
          hognose mprof plot
          hognose mprof plot -o memory.svg --flame
          hognose mprof plot -o both.png before.dat after.dat

        Exit status: 0; 2 when a file cannot be read or written; 255 when there is no profile.

        """;

    private int Plot(ParseResult parsed, Terminal terminal)
    {
        var output = OutputOf(parsed);
        var window = WindowOf(parsed.GetValue(_window));
        var files = ProfileFiles.ToShow(parsed.GetValue(_profiles) ?? [], terminal.Output);
        var profiles = files.Select(file => new NamedProfile(file, ProfileFiles.Read(file, terminal.Error))).ToList();
        // As mprof: several profiles are compared by their curves alone.
        var functions = !parsed.GetValue(_noFunctions) && profiles.Count == 1;
        var options = new ProfilePictureOptions(parsed.GetValue(_title), window, functions, parsed.GetValue(_flame), parsed.GetValue(_slope));
        if (output is var (path, format))
            PictureFile.Write(path, ProfilePicture.Draw(profiles, options, format), "--output");
        else
            foreach (var profile in profiles)
                ProfileChart.Write(terminal.OutputConsole(), profile, options);
        return 0;
    }

    private (string Path, PictureFormat Format)? OutputOf(ParseResult parsed)
    {
        if (parsed.GetValue(_output) is not { } path)
            return null;
        if (PictureFile.FormatOf(path, "--output") is { } format)
            return (path, format);
        // As matplotlib: without an extension, the backend's own format, else PNG; and the name gets it.
        var ofBackend = "." + parsed.GetValue(_backend);
        var file = path + (PictureFile.IsKnown(ofBackend) ? ofBackend : ".png");
        return (file, PictureFile.FormatOf(file, "--output")!.Value);
    }

    private static (double From, double To)? WindowOf(string? text)
    {
        if (text is null)
            return null;
        var ends = text.Split(',').Select(end => double.TryParse(end, NumberStyles.Float, CultureInfo.InvariantCulture, out var second) && Math.Abs(second) < 1e12 ? second : double.NaN).ToList();
        return ends is [var from, var to] && from < to
            ? (from, to)
            : throw new CannotContinueException($"'{text}' is no window of time", "give --window two numbers of seconds, the smaller first, as in --window 0,20.5");
    }
}
