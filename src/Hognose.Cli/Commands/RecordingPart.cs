using System.CommandLine;
using System.Globalization;
using Hognose.Cli.Recordings;
using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Hognose.Recording.Replay;

namespace Hognose.Cli.Commands;

/// <summary>The options that choose a time, threads, and what counts as temporary: whatever needs a recording's events.</summary>
internal sealed class RecordingPart
{
    private readonly Option<string?> _since = new("--since");
    private readonly Option<string?> _until = new("--until");
    private readonly Option<string?> _at = new("--at");
    private readonly Option<string?> _thread = new("--thread");
    private readonly Option<long?> _threshold = new("--temporary-threshold");

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_since, _until, _at, _thread, _threshold])
            command.Options.Add(option);
    }

    public bool HasMark(ParseResult parsed) => parsed.GetValue(_since) is not null;

    public bool IsMoment(ParseResult parsed) => parsed.GetValue(_at) is not null;

    public bool IsAskedFor(ParseResult parsed) => HasMark(parsed) || IsMoment(parsed) || parsed.GetValue(_until) is not null || IsOfOneProcess(parsed);

    /// <summary>The same options as a command line has them; empty: none.</summary>
    public string Repeated(ParseResult parsed) =>
        string.Concat(new[] { _since, _until, _at, _thread }.Select(option => CommandWords.Repeated(option.Name, parsed.GetValue(option))))
        + CommandWords.Repeated(_threshold.Name, parsed.GetValue(_threshold)?.ToString(CultureInfo.InvariantCulture));

    /// <summary>Something that only one process has is asked for.</summary>
    public bool IsOfOneProcess(ParseResult parsed) => parsed.GetValue(_thread) is not null || parsed.GetValue(_threshold) is not null;

    /// <param name="parsed">The command line.</param>
    /// <param name="file">The recording.</param>
    /// <param name="spread">By what blocks are told apart as well; null: by nothing.</param>
    /// <param name="progress">Is told how much was read.</param>
    /// <exception cref="CannotContinueException">The file cannot be read, or there is no such part.</exception>
    public RecordingSummary Read(ParseResult parsed, string file, BlockTrait? spread, Action<double> progress)
    {
        if (!IsAskedFor(parsed) && spread is null)
            return StoredRecording.Read(file);
        var moments = MomentsOf(parsed, () => StoredRecording.Read(file).Marks);
        if (parsed.GetValue(_threshold) is < 1 and var threshold)
            throw new CannotContinueException($"no block can be freed before {threshold} further allocations", "give --temporary-threshold a number of 1 or more");
        var recording = ReadPart(parsed, file, moments, spread, progress);
        ExpectBegin(moments, file, recording.Facts.DurationNanoseconds);
        // Events do not tell whom it started.
        return IsAskedFor(parsed) ? recording : recording with { Family = StoredRecording.Read(file).Family };
    }

    /// <param name="first">Whose recording moments are of.</param>
    /// <param name="file">That recording.</param>
    /// <param name="duration">Nanoseconds from its begin to the end of all.</param>
    /// <exception cref="CannotContinueException">All are over before what is asked for begins.</exception>
    public void ExpectBegin(ParseResult parsed, RecordingSummary first, string file, long duration) => ExpectBegin(MomentsOf(parsed, () => first.Marks), file, duration);

    private static void ExpectBegin(RecordingMoments moments, string file, long duration)
    {
        var late = moments.Since > duration ? "--since" : moments.At is not RecordingMoments.End && moments.At > duration ? "--at" : null;
        if (late is not null)
            throw new CannotContinueException(
                $"'{file}' ends before that", string.Create(CultureInfo.InvariantCulture, $"give {late} less than {duration / 1e9:0.###}{(late == "--at" ? ", or --at end" : "")}"));
    }

    /// <summary>The same time of one process of several: moments are those of the first one's recording, and so are the names of marks.</summary>
    /// <exception cref="CannotContinueException">The file cannot be read, or its clock is another.</exception>
    public RecordingSummary ReadAtSameTime(ParseResult parsed, string file, RecordingSummary first, BlockTrait? spread, Action<double> progress)
    {
        var whole = StoredRecording.Read(file);
        var (facts, clock) = (whole.Facts, first.Facts);
        if (facts.FamilyId != clock.FamilyId || facts.FamilyId == 0 || facts.BeganNanoseconds <= 0)
            throw new CannotContinueException($"'{file}' tells of no clock that it shares with the first recording: it is of another family, or was cut short", "leave the time out");
        var moments = MomentsOf(parsed, () => first.Marks).After(facts.BeganNanoseconds - clock.BeganNanoseconds, facts.DurationNanoseconds);
        return ReadPart(parsed, file, moments, spread, progress) with { Family = whole.Family };
    }

    private RecordingMoments MomentsOf(ParseResult parsed, Func<IReadOnlyList<RecordingMark>> marks)
    {
        var since = MomentArgument.Parse("--since", parsed.GetValue(_since), marks);
        var until = MomentArgument.Parse("--until", parsed.GetValue(_until), marks);
        var at = MomentArgument.Parse("--at", parsed.GetValue(_at), marks);
        if (at is not null && (since is not null || until is not null))
            throw new CannotContinueException("--at is one moment, --since and --until are a time", "leave one of them out");
        if (until < since)
            throw new CannotContinueException("--until is before --since", "exchange them");
        return new RecordingMoments(since, until, at, Words(Told(_since, since), Told(_until, until), Told(_at, at), parsed.GetValue(_thread)));

        string? Told(Option<string?> option, long? moment) => parsed.GetValue(option) is { } text && moment is { } nanoseconds ? MomentArgument.Words(text, nanoseconds) : null;
    }

    private RecordingSummary ReadPart(ParseResult parsed, string file, RecordingMoments moments, BlockTrait? spread, Action<double> progress)
    {
        var query = new ReplayQuery
        {
            Since = moments.Since ?? 0,
            Until = moments.At ?? moments.Until,
            Threads = parsed.GetValue(_thread) is { } thread ? ThreadsNamed(thread, file) : null,
            TemporaryThreshold = parsed.GetValue(_threshold) ?? 1,
            Spread = spread is { } trait ? SpreadOf(trait, file, moments) : null,
        };
        var recording = StoredRecording.ReadPart(file, query, progress);
        return recording with { Facts = recording.Facts with { Part = moments.Words, IsUntilEnd = query.Until is null or RecordingMoments.End } };
    }

    private static SpreadQuery SpreadOf(BlockTrait trait, string file, RecordingMoments moments)
    {
        if (trait != BlockTrait.Time)
            return new SpreadQuery(trait);
        var duration = StoredRecording.Read(file).Facts.DurationNanoseconds;
        return new SpreadQuery(trait, AllocationSpread.SliceOf(Math.Min(moments.At ?? moments.Until ?? duration, duration)));
    }

    private static HashSet<int> ThreadsNamed(string wanted, string file)
    {
        var threads = StoredRecording.Read(file).Shape.Threads;
        var found = threads.Where(thread => thread.Name == wanted || IsNumber(wanted, thread.KernelId)).Select(thread => thread.Index).ToHashSet();
        if (found.Count == 0)
            found = [.. threads.Where(thread => IsNumber(wanted, thread.Index)).Select(thread => thread.Index)];
        const int most = 8;
        return found.Count > 0 ? found : throw new CannotContinueException(
            $"no thread '{wanted}' in '{file}'",
            threads.Count == 0 ? "the recording names no threads" : $"it has {string.Join(", ", threads.Take(most).Select(NameOf))}{(threads.Count > most ? " ..." : "")}");
    }

    private static string NameOf(ThreadUsage thread) => thread.Name.Length > 0 ? $"{thread.Index} ({thread.Name})" : thread.Index.ToString(CultureInfo.InvariantCulture);

    private static bool IsNumber(string text, long number) => number.ToString(CultureInfo.InvariantCulture) == text;

    private static string Words(string? since, string? until, string? at, string? thread)
    {
        var words = new List<string>();
        if (at is not null)
            words.Add($"what was alive at {at}");
        if (since is not null)
            words.Add($"what was allocated from {since} on");
        if (until is not null)
            words.Add($"up to {until}");
        if (thread is not null)
            words.Add($"thread {thread}");
        return string.Join(", ", words);
    }
}
