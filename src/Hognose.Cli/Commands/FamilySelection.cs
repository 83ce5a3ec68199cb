using System.CommandLine;
using Hognose.Cli.Recordings;
using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Hognose.Insights.Families;
using Hognose.Reports.Terminal;

namespace Hognose.Cli.Commands;

/// <summary>Whether several processes are asked for together, and which.</summary>
internal sealed class FamilySelection
{
    private const int MostTyped = 3;

    private readonly Option<bool> _family = new("--family");

    public void AddTo(Command command) => command.Options.Add(_family);

    public bool IsAskedFor(ParseResult parsed, IReadOnlyList<string> files) => files.Count > 1 || parsed.GetValue(_family);

    /// <summary>The command line's words for the recordings; null: they are too many to be typed again.</summary>
    public string? WordsFor(ParseResult parsed, IReadOnlyList<string> files) => files.Count > MostTyped ? null : string.Join(' ', files.Select(Names.ShellWord)) + (parsed.GetValue(_family) ? " --family" : "");

    /// <param name="parsed">The command line.</param>
    /// <param name="files">The recordings that are named.</param>
    /// <param name="selection">Which part of each.</param>
    /// <param name="byProcess">As of <see cref="FamilyBuilder"/>.</param>
    /// <param name="terminal">For the progress.</param>
    /// <param name="withC">As of <see cref="RecordingSelection.Read"/>.</param>
    /// <param name="spread">As of <see cref="RecordingSelection.Whole"/>.</param>
    /// <exception cref="CannotContinueException">None can be read, or the part is one process's own.</exception>
    public (RecordedFamily Family, IReadOnlyList<string> Unread) Read(
        ParseResult parsed, IReadOnlyList<string> files, RecordingSelection selection, bool byProcess, Terminal terminal, bool withC, SpreadKind? spread = null)
    {
        if (selection.IsOfOneProcess(parsed))
            throw new CannotContinueException("--thread and --temporary-threshold choose a part of one process", "leave it out, or show that process's recording alone");
        var first = selection.IsPart(parsed) ? StoredRecording.Read(files[0]) : null;
        var modules = selection.Modules(parsed);
        var stored = new StoredFamily(file => Part(selection.Whole(parsed, file, terminal, withC, first, spread), modules), byProcess);
        var family = stored.Read(files, parsed.GetValue(_family));
        if (first is not null)
            selection.ExpectBegin(parsed, first, files[0], family.Together.Facts.DurationNanoseconds);
        if (modules.Count > 0 && family.Total == default)
            throw new CannotContinueException($"no module that allocated fits '{string.Join("' or '", modules)}' in any of {family.Processes.Count} processes", "hognose show --family --by module names them");
        return (family, stored.Unread);
    }

    /// <summary>One recording, or with <c>--family</c> all processes as one; what of them cannot be read is told in a line each.</summary>
    /// <exception cref="CannotContinueException">As of <see cref="Read"/>.</exception>
    public RecordingSummary ReadAsOne(ParseResult parsed, string file, RecordingSelection selection, bool byProcess, Terminal terminal, bool withC)
    {
        if (!IsAskedFor(parsed, [file]))
            return selection.Read(parsed, file, terminal, withC);
        var (family, unread) = Read(parsed, [file], selection, byProcess, terminal, withC);
        PrintUnread(unread, terminal);
        return family.Together;
    }

    public static void PrintUnread(IReadOnlyList<string> unread, Terminal terminal)
    {
        foreach (var reason in unread)
            TroubleText.PrintNotice(terminal.Error, $"not in it: {reason}");
    }

    private static RecordingSummary Part(RecordingSummary recording, IReadOnlyList<string> modules) =>
        modules.Count == 0 ? recording : ModuleFilter.Apply(recording, modules);
}
