using System.Net.Sockets;
using Hognose.Cli.Attaching;
using Hognose.Cli.Recordings;
using Hognose.Formats.Alloc;
using Hognose.Recording;
using Hognose.Targets.Processes;

namespace Hognose.Cli.Running;

/// <summary>
/// Tells another hognose, which has stopped a recorded program to copy its heap, what lives there and who allocated it (<see cref="BirthLink"/>). One at a time. Nothing of
/// it is trouble of the recording: who is not answered goes without.
/// </summary>
internal sealed class BirthRequests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Where there is no descriptor left for another connection, there is none at once either.</summary>
    private static readonly TimeSpan Break = TimeSpan.FromMilliseconds(100);

    private readonly Socket? _listener;
    private Request? _asked;

    /// <param name="nonce">Of the recordings.</param>
    public BirthRequests(ulong nonce)
    {
        var socket = BirthLink.NewSocket();
        try
        {
            socket.Bind(BirthLink.AddressOf(Environment.ProcessId, nonce));
            socket.Listen();
        }
        catch (SocketException)
        {
            socket.Dispose();
            return;
        }
        _listener = socket;
        new Thread(Serve) { IsBackground = true, Name = "births" }.Start();
    }

    /// <summary>In the loop that follows the programs, which alone may ask their recordings.</summary>
    /// <param name="sessionOf">By process id; null: it is not recorded here.</param>
    public void Step(Func<int, RecordingSession?> sessionOf)
    {
        if (Interlocked.Exchange(ref _asked, null) is not { } request)
            return;
        if (sessionOf(request.ProcessId) is not { Samples: false } session)
        {
            request.IsNoted.Set();
            return;
        }
        request.Noted = session.NoteSurvivors();
        // The program goes on; what follows takes longer.
        request.IsNoted.Set();
        request.Recording = session.UpToNow(new ProgramFacts(RecordingFile.ToolVersion, [], DateTimeOffset.UnixEpoch, request.ProcessId, ProgramEnding.Unknown, 0, 0, 0, -1, ""));
        _ = request.Noted.Blocks.Value;
        request.IsReady.Set();
    }

    public void Dispose() => _listener?.Dispose();

    private void Serve()
    {
        while (true)
        {
            try
            {
                using var peer = _listener!.Accept();
                peer.ReceiveTimeout = peer.SendTimeout = (int)Patience.TotalMilliseconds;
                if (BirthLink.IsTrusted(peer, owner: ProcStatus.OwnUser))
                    Answer(peer);
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

    private void Answer(Socket peer)
    {
        using var stream = new NetworkStream(peer, ownsSocket: false);
        Request? last = null;
        for (var line = BirthLink.ReadLine(stream); line != BirthLink.Send; line = BirthLink.ReadLine(stream))
        {
            last = new Request(BirthLink.ProcessOf(line));
            Volatile.Write(ref _asked, last);
            var isNoted = last.IsNoted.Wait(Patience) && last.Noted is not null;
            BirthLink.WriteLine(stream, isNoted ? BirthLink.Noted : BirthLink.None);
            if (!isNoted)
                return;
        }
        if (last is { Noted: { } noted } && last.IsReady.Wait(Patience) && last.Recording is { } recording)
            AllocWriter.Write(stream, recording with { Facts = recording.Facts with { EndNanoseconds = noted.Nanoseconds } }, noted.Blocks.Value);
    }

    /// <summary>Of one stop. The events are for the process to collect: who waits for one may have given up.</summary>
    private sealed class Request(int processId)
    {
        public int ProcessId { get; } = processId;

        public ManualResetEventSlim IsNoted { get; } = new();

        public ManualResetEventSlim IsReady { get; } = new();

        public NotedSurvivors? Noted { get; set; }

        public RecordingSummary? Recording { get; set; }
    }
}
