using System.Diagnostics;
using Hognose.Formats.Alloc;

namespace Hognose.Formats.Tests.Alloc;

/// <summary>A named pipe whose reader has stopped reading: it takes some bytes, and the next write does not return.</summary>
public sealed class StuckFileTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    [Fact]
    public void The_end_of_a_recording_waits_for_a_reader_only_so_long()
    {
        var recording = Recordings.Small();
        using var pipe = new Pipe();
        var begin = Stopwatch.GetTimestamp();
        using (var file = new AllocStream(pipe, static () => { }, Patience))
        {
            file.WriteFacts(recording.Facts);
            var trouble = Assert.Throws<IOException>(() => file.Finish(recording, []));
            Assert.Equal("nothing could be written for 0.2 seconds", trouble.Message);
            Assert.True(Stopwatch.GetElapsedTime(begin) >= Patience);
        }
        Assert.True(pipe.IsStuck);
    }

    /// <summary>Who waits longer than the patience before the first block has found no trouble.</summary>
    [Fact]
    public void Idle_time_is_no_trouble()
    {
        var recording = Recordings.Small();
        using var bytes = new MemoryStream();
        using var file = new AllocStream(bytes, static () => { }, TimeSpan.FromMilliseconds(300));
        Thread.Sleep(TimeSpan.FromMilliseconds(400));
        file.WriteFacts(recording.Facts);
        file.Finish(recording, []);
        Assert.Null(file.Trouble);
        Assert.Null(Testing.Recordings.RecordingEquality.Difference(recording, Recordings.Decode(bytes.ToArray())));
    }

    private sealed class Pipe : MemoryStream
    {
        private readonly ManualResetEventSlim _reads = new();

        public bool IsStuck { get; private set; }

        public override bool CanSeek => false;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (buffer.Length <= 16)
                return; // The head of the file.
            IsStuck = true;
            _reads.Wait();
        }
    }
}
