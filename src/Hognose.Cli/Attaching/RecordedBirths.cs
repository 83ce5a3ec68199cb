using System.Net.Sockets;
using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Formats.Heap;
using Hognose.Heap;
using Hognose.Insights.Births;
using Hognose.Targets.Processes;

namespace Hognose.Cli.Attaching;

/// <summary>
/// Where the objects of a program were allocated that another hognose records: that one is asked for it while the program stands still to be copied. Where it doesn't answer in time
/// the heap is read without.
/// </summary>
internal sealed class RecordedBirths : IDisposable
{
    /// <summary>The program stands still meanwhile.</summary>
    private static readonly TimeSpan LongestNote = TimeSpan.FromSeconds(1);

    /// <summary>Stacks are put together meanwhile.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly int _process;
    private string _answer = "";
    private RecordingSummary? _recording;
    private IReadOnlyList<Survivor> _live = [];

    private RecordedBirths(Socket socket, int process, int tool)
    {
        (_socket, _process, Tool) = (socket, process, tool);
        _stream = new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>The pid of the hognose that records.</summary>
    public int Tool { get; }

    /// <summary>Null: the process is not recorded, or who records it is not to be reached from here.</summary>
    public static RecordedBirths? Of(TargetProcess process, Limits limits) => RunningRecording.Find(process, limits) is { IsFollowed: true } recording
        ? To(recording.Tool, recording.Nonce, process.Id, process.ReadStatus().RealUser)
        : null;

    /// <summary>The same, of a process that knows who records it.</summary>
    /// <param name="tool">Its pid.</param>
    /// <param name="nonce">Of the recording.</param>
    /// <param name="process">That is recorded.</param>
    /// <param name="owner">Of it.</param>
    public static RecordedBirths? To(int tool, ulong nonce, int process, int owner)
    {
        var socket = RecorderLink.Connect(tool, nonce, owner, LongestNote);
        return socket is null ? null : new RecordedBirths(socket, process, tool);
    }

    /// <summary>While the program stands still; the last time counts.</summary>
    public void Note()
    {
        try
        {
            RecorderLink.WriteLine(_stream, RecorderLink.NoteOf(_process));
            _answer = RecorderLink.ReadLine(_stream);
        }
        catch (IOException)
        {
            _answer = "";
        }
    }

    /// <summary>When the program has gone on.</summary>
    /// <param name="trouble">Told where nothing comes of it.</param>
    public void Receive(DiagnosticBag trouble)
    {
        // It has ended meanwhile.
        if (_answer == RecorderLink.None)
            return;
        try
        {
            if (_answer != RecorderLink.Noted)
                throw new IOException("it did not answer");
            _socket.ReceiveTimeout = (int)LongestSilence.TotalMilliseconds;
            RecorderLink.WriteLine(_stream, RecorderLink.Send);
            using var buffered = new BufferedStream(_stream, 1 << 16);
            (_recording, _live) = AllocReader.ReadLive(buffered, "what it recorded");
        }
        catch (Exception cause) when (cause is IOException or CannotContinueException)
        {
            trouble.Add("HG0305", $"where objects were allocated is not known, though pid {Tool} records it: {cause.Message}");
        }
    }

    /// <summary>Null: they are not known.</summary>
    public HeapFileBirths? Join(HeapGraph graph)
    {
        if (_recording is null)
            return null;
        var (stacks, blocks) = BirthStacks.Of(graph, _live);
        return BirthStacks.ToFile(_recording.Stacks, stacks, blocks, _live, _recording.Facts.EndNanoseconds, _recording.Facts.SampleBytes);
    }

    public void Dispose() => _stream.Dispose();
}
