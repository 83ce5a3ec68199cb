using System.Net.Sockets;
using Hognose.Cli.Attaching;
using Hognose.Cli.Recordings;
using Hognose.Formats.Alloc;
using Hognose.Recording;
using Hognose.Targets.Processes;

namespace Hognose.Cli.Running;

/// <summary>
/// Answers others about the programs that we record (<see cref="RecorderLink"/>): a hognose that has stopped one to copy its heap is told what lives there and who allocated it, and
/// who gives a moment a name has it noted. One at a time. Nothing of it is trouble of the recording: who is not answered goes without.
/// </summary>
internal sealed class RecorderRequests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Where there is no descriptor left for another connection, there is none at once either.</summary>
    private static readonly TimeSpan Break = TimeSpan.FromMilliseconds(100);

    private readonly Socket? _listener;
    private Request? _asked;

    /// <param name="nonce">Of the recordings.</param>
    public RecorderRequests(ulong nonce)
    {
        _listener = RecorderLink.Listen(Environment.ProcessId, nonce);
        if (_listener is not null)
            new Thread(Serve) { IsBackground = true, Name = "requests" }.Start();
    }

    /// <summary>In the loop that follows the programs, which alone may ask their recordings.</summary>
    /// <param name="sessionOf">By process id; null: it is not recorded here.</param>
    /// <param name="family">All that are recorded here: a mark of one is a moment of all.</param>
    public void Step(Func<int, RecordingSession?> sessionOf, Func<IEnumerable<RecordingSession>> family)
    {
        if (Interlocked.Exchange(ref _asked, null) is not { } request)
            return;
        if (sessionOf(request.ProcessId) is { } session)
            Answer(request, session, family);
        // One that has just begun is met in the next turn.
        else if (request.IsFirstTurn)
        {
            request.IsFirstTurn = false;
            _ = Interlocked.CompareExchange(ref _asked, request, null);
            return;
        }
        request.IsNoted.Set();
    }

    public void Dispose() => _listener?.Dispose();

    private static void Answer(Request request, RecordingSession session, Func<IEnumerable<RecordingSession>> family)
    {
        if (request.Name is { } name)
        {
            foreach (var each in family())
                each.CatchUp();
            request.Answer = session.Mark(name) is { } mark ? RecorderLink.AnswerTo(mark.Nanoseconds, mark.Name) : RecorderLink.Full;
            return;
        }
        (request.Noted, request.Answer) = (session.NoteSurvivors(), RecorderLink.Noted);
        // The program goes on; what follows takes longer, and what takes longest is the serving thread's: meanwhile events come, and an agent waits for a heartbeat.
        request.IsNoted.Set();
        request.Recording = session.UpToNow(
            new ProgramFacts(RecordingFile.ToolVersion, [], DateTimeOffset.UnixEpoch, request.ProcessId, ProgramEnding.Unknown, 0, 0, 0, -1, ""), request.Noted);
        request.IsReady.Set();
    }

    private void Serve()
    {
        while (true)
        {
            try
            {
                using var peer = _listener!.Accept();
                peer.ReceiveTimeout = peer.SendTimeout = (int)Patience.TotalMilliseconds;
                if (RecorderLink.IsTrusted(peer, owner: ProcStatus.OwnUser))
                    Serve(peer);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException) when (_listener!.SafeHandle.IsClosed)
            {
                return;
            }
            catch (Exception trouble) when (trouble is SocketException or IOException)
            {
                // It has gone, or says nothing.
                Thread.Sleep(Break);
            }
        }
    }

    private void Serve(Socket peer)
    {
        using var stream = new NetworkStream(peer, ownsSocket: false);
        var first = RecorderLink.ReadLine(stream);
        if (RecorderLink.ProcessAndMark(first) is (> 0 and var process, { } name))
            RecorderLink.WriteLine(stream, Ask(new Request(process, name.Length > RecordingMark.LongestName ? name[..RecordingMark.LongestName] : name)).Answer);
        else
            TellBirths(stream, first);
    }

    private void TellBirths(NetworkStream stream, string first)
    {
        Request? last = null;
        for (var line = first; line != RecorderLink.Send; line = RecorderLink.ReadLine(stream))
        {
            last = Ask(new Request(RecorderLink.ProcessOfNote(line), name: null));
            RecorderLink.WriteLine(stream, last.Answer);
            if (last.Noted is null)
                return;
        }
        if (last is { Noted: { } noted } && last.IsReady.Wait(Patience) && last.Recording is { } recording)
            AllocWriter.Write(stream, recording with { Facts = recording.Facts with { EndNanoseconds = noted.Nanoseconds } }, noted.Blocks);
    }

    /// <summary>The loop that follows is done with it, or does not come by.</summary>
    private Request Ask(Request request)
    {
        Volatile.Write(ref _asked, request);
        _ = request.IsNoted.Wait(Patience);
        return request;
    }

    /// <summary>Of one stop, or one mark. The events are for the process to collect: who waits for one may have given up.</summary>
    /// <param name="processId">Of the program.</param>
    /// <param name="name">Of the moment, which may be empty; null: births are asked for.</param>
    private sealed class Request(int processId, string? name)
    {
        public int ProcessId { get; } = processId;

        public string? Name { get; } = name;

        public bool IsFirstTurn { get; set; } = true;

        public ManualResetEventSlim IsNoted { get; } = new();

        public ManualResetEventSlim IsReady { get; } = new();

        public NotedSurvivors? Noted { get; set; }

        public RecordingSummary? Recording { get; set; }

        /// <summary>Unless somebody knows better: the process is not recorded here.</summary>
        public string Answer { get; set; } = RecorderLink.None;
    }
}
