using System.CommandLine;
using Hognose.Cli.Recordings;
using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Hognose.Reports;

namespace Hognose.Cli.Commands;

/// <summary>
/// Which part of a recording is asked for: the options that commands on recordings share. <see cref="Read"/> gives a summary of that part, and a view
/// (<see cref="View"/>) is one of its measures.
/// </summary>
internal sealed class RecordingSelection
{
    private static readonly RecordingView[] Views = Enum.GetValues<RecordingView>();

    private readonly Option<string?> _view = new("--view");
    private readonly Option<bool> _leaks = new("--leaks");
    private readonly Option<bool> _temporary = new("--temporary");
    private readonly Option<bool> _all = new("--all");
    private readonly Option<bool> _growth = new("--growth");
    private readonly RecordingPart _part = new();
    private readonly Option<string[]> _modules = new("--module") { AllowMultipleArgumentsPerToken = false };

    public RecordingSelection() => _view.AcceptOnlyFromAmong([.. Views.Select(RecordingWords.Name)]);

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_view, _leaks, _temporary, _all, _growth, _modules])
            command.Options.Add(option);
        _part.AddTo(command);
    }

    /// <returns>null when none is named.</returns>
    /// <exception cref="CannotContinueException">Several are named.</exception>
    public RecordingView? View(ParseResult parsed)
    {
        var named = new HashSet<RecordingView>();
        if (parsed.GetValue(_view) is { } name)
            named.Add(Array.Find(Views, view => RecordingWords.Name(view) == name));
        foreach (var (option, view) in ((Option<bool>, RecordingView)[])[(_leaks, RecordingView.Leaks), (_temporary, RecordingView.Temporary), (_all, RecordingView.All), (_growth, RecordingView.Growth)])
            if (parsed.GetValue(option))
                named.Add(view);
        if (named.Contains(RecordingView.Growth) && !_part.HasMark(parsed))
            throw new CannotContinueException("growth is what came after a mark and is still held: there is no mark", "give one with --since, as --since 10");
        return named.Count switch
        {
            0 => _part.IsMoment(parsed) ? RecordingView.Leaks : null,
            1 => named.Single(),
            _ => throw new CannotContinueException($"one view at a time, not {string.Join(" and ", named.Order().Select(RecordingWords.Name))}", "leave one of them out"),
        };
    }

    public IReadOnlyList<string> Modules(ParseResult parsed) => parsed.GetValue(_modules) ?? [];

    /// <summary>The options that narrow, to be typed again with another view; empty: none.</summary>
    public string Repeated(ParseResult parsed) => _part.Repeated(parsed) + string.Concat(Modules(parsed).Select(module => CommandWords.Repeated(_modules.Name, module)));

    /// <summary>A time or a thread is asked for.</summary>
    public bool IsPart(ParseResult parsed) => _part.IsAskedFor(parsed);

    /// <summary>Something that only one process has is asked for.</summary>
    public bool IsOfOneProcess(ParseResult parsed) => _part.IsOfOneProcess(parsed);

    /// <summary>Of a family: as of <see cref="RecordingPart.ExpectBegin(ParseResult, RecordingSummary, string, long)"/>.</summary>
    public void ExpectBegin(ParseResult parsed, RecordingSummary first, string file, long duration) => _part.ExpectBegin(parsed, first, file, duration);

    /// <summary>As <see cref="Read"/>, of all modules.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="file">The recording.</param>
    /// <param name="terminal">For the progress.</param>
    /// <param name="withC">Stacks keep their C frames, where they were recorded.</param>
    /// <param name="first">Whose clock a time is told by; null: the recording's own.</param>
    /// <param name="spread">Over what blocks are to be spread; null: over places in the code.</param>
    /// <exception cref="CannotContinueException">The file cannot be read, or the view is none of its.</exception>
    public RecordingSummary Whole(ParseResult parsed, string file, Terminal terminal, bool withC, RecordingSummary? first = null, SpreadKind? spread = null)
    {
        using var progress = new ReadingProgress(terminal, file);
        var apart = TraitToTell(parsed, file, spread);
        var recording = first is null ? _part.Read(parsed, file, apart, progress.Show) : _part.ReadAtSameTime(parsed, file, first, apart, progress.Show);
        if (recording.Facts.SampleBytes > 0 && View(parsed) == RecordingView.Temporary)
            throw new CannotContinueException($"'{file}' has samples only: between two of them anything may have been allocated", "record without --sample for temporary allocations");
        if (recording.Facts.Tracemalloc is not null && View(parsed) is RecordingView.Temporary or RecordingView.All)
            throw new CannotContinueException($"'{file}' was read from tracemalloc, which knows what is alive and nothing of what was freed", "leave the view out; 'hognose run' and 'hognose attach' record the rest");
        return withC ? recording : recording.OfPython();
    }

    /// <param name="parsed">The command line.</param>
    /// <param name="file">The recording.</param>
    /// <param name="terminal">For the progress.</param>
    /// <param name="withC">Stacks keep their C frames, where they were recorded.</param>
    /// <param name="spread">As of <see cref="Whole"/>.</param>
    /// <exception cref="CannotContinueException">The file cannot be read, or the selection fits nothing in it.</exception>
    public RecordingSummary Read(ParseResult parsed, string file, Terminal terminal, bool withC = false, SpreadKind? spread = null)
    {
        var recording = Whole(parsed, file, terminal, withC, first: null, spread);
        var modules = Modules(parsed);
        return modules.Count == 0 ? recording : OfModules(recording, modules);
    }

    /// <summary>Totals of all blocks stand in the file; whatever else is asked for is added up from its events.</summary>
    private BlockTrait? TraitToTell(ParseResult parsed, string file, SpreadKind? spread)
    {
        if (spread is not { } kind || AllocationSpread.TraitOf(kind) is not { } trait)
            return null;
        var isPlain = View(parsed) is null or RecordingView.All && Modules(parsed).Count == 0 && !_part.IsAskedFor(parsed);
        // What threads hold is worth the reading.
        return isPlain && (kind != SpreadKind.Thread || !StoredRecording.Read(file).Facts.KeepsEvents) ? null : trait;
    }

    /// <exception cref="CannotContinueException">No module fits.</exception>
    public static RecordingSummary OfModules(RecordingSummary recording, IReadOnlyList<string> modules)
    {
        var selected = ModuleFilter.Apply(recording, modules);
        return Array.Exists(selected.Usage, usage => !usage.IsEmpty) ? selected : throw NoModule(recording, modules);
    }

    private static CannotContinueException NoModule(RecordingSummary recording, IReadOnlyList<string> globs)
    {
        const int most = 5;
        var known = ModuleFilter.Modules(recording);
        return new CannotContinueException(
            $"no module that allocated fits '{string.Join("' or '", globs)}'",
            $"those with the most are {string.Join(", ", known.Take(most))}{(known.Count > most ? " ..." : "")}");
    }
}
