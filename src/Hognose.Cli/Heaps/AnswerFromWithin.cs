using Hognose.Cli.Attaching;
using Hognose.Cli.Commands;
using Hognose.Cli.Recordings;
using Hognose.Diagnostics;
using Hognose.Formats.Heap;
using Hognose.Insights.Holding;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;
using Hognose.Targets.Processes;

namespace Hognose.Cli.Heaps;

/// <summary>An answer for the package: the JSON of the command from outside, a form feed, and its text.</summary>
internal sealed class AnswerFromWithin(Terminal terminal, int top, int depth, bool showsKeys, string? output, string mark)
{
    private const char Separator = '\f';
    private const int UsualKey = 40;

    public void OfHeap(string question, ulong address, AskedFromWithin within, HeapReading.CopyHeap copyIt, RecordedBirths? births)
    {
        using var file = question == "snapshot" ? WholeFile.Create(output, "hognose.heap", "snapshot") : null;
        using var reading = HeapReading.OfOwn(copyIt, within, Limits.Default, births, CancellationToken.None);
        switch (question)
        {
            case "why":
                Why(reading, address, within);
                break;
            case "retained":
                Retained(reading, address);
                break;
            case "biggest":
                Biggest(reading);
                break;
            default:
                Snapshot(reading, file!);
                break;
        }
    }

    public void Rss(OwnLook look, HeapReading.CopyHeap copyIt)
    {
        var trouble = new DiagnosticBag();
        var (copy, python, facts) = copyIt(Limits.Default, trouble, CancellationToken.None);
        using (copy)
        {
            var answer = ResidentReading.Of(copy, look.Regions!, look.Account!, python, showsKeys, Limits.Default, trouble, CancellationToken.None);
            var told = facts();
            ResidentJson.Write(terminal.Output, told, answer, trouble);
            terminal.Output.Write(Separator);
            ResidentReport.Write(terminal.OutputConsole(), told, answer, top, trouble);
        }
    }

    private void Why(HeapReading reading, ulong address, AskedFromWithin within)
    {
        var holders = within.HoldersOf(reading.Heap, showsKeys) ?? throw ObjectChoice.Absent(address);
        HoldingJson.Write(terminal.Output, reading.Facts, holders, reading.Trouble);
        terminal.Output.Write(Separator);
        HoldersReport.Write(terminal.OutputConsole(), reading.Facts, holders, int.MaxValue, reading.Trouble);
    }

    private void Retained(HeapReading reading, ulong address)
    {
        var tree = RetainedTree.Of(reading.Heap, address, depth, top, showsKeys) ?? throw ObjectChoice.Absent(address);
        TreeJson.Write(terminal.Output, reading.Facts, tree, reading.Trouble);
        terminal.Output.Write(Separator);
        TreeReport.Write(terminal.OutputConsole(), reading.Facts.Subject, reading.Facts, tree, reading.Trouble);
    }

    private void Biggest(HeapReading reading)
    {
        var biggest = BiggestObjects.Of(reading.Heap, top, showsKeys);
        HoldingJson.Write(terminal.Output, reading.Facts, biggest, reading.Trouble);
        terminal.Output.Write(Separator);
        BiggestReport.Write(terminal.OutputConsole(), reading.Facts, biggest, reading.Trouble);
    }

    private void Snapshot(HeapReading reading, WholeFile file)
    {
        var name = output ?? SnapshotCommand.NameOf(reading.Facts, mark);
        var snapshot = reading.ToFile(VersionTextAction.Version, showsKeys ? UsualKey : 0, Redaction.None, CancellationToken.None);
        long length = 0;
        file.Keep(name, stream =>
        {
            HeapFileWriter.Write(stream, snapshot);
            length = stream.CanSeek ? stream.Position : 0;
        });
        SnapshotJson.Write(terminal.Output, reading.Facts, Path.GetFullPath(name), length, snapshot.Addresses.Length, reading.Trouble);
        terminal.Output.Write(Separator);
        SnapshotReport.Write(terminal.OutputConsole(), reading.Facts, name, length, snapshot, reading.Trouble);
    }
}
