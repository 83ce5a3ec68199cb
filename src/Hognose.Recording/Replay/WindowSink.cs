using Hognose.Formats.Alloc;
using Hognose.Formats.Alloc.Events;

namespace Hognose.Recording.Replay;

/// <summary>Hands events to a <see cref="WindowTally"/>: a struct, so that the decoder calls that directly.</summary>
internal readonly struct WindowSink(WindowTally tally) : IEventSink
{
    public void Begin(RecordingFacts facts) => tally.Weights = new SampleWeights(facts.SampleBytes);

    public bool Moment(long now) => tally.Moment(now);

    public void Allocate(in EventBlock block) => tally.Allocate(in block);

    public void Free(in EventBlock block, uint allocationsSince) => tally.Free(in block, allocationsSince);

    public void Temporary(in EventBlock block) => tally.Temporary(in block);

    public void UnknownFree(bool isNative) => tally.UnknownFree(isNative);

    public void Cut(in EventBlock block, long left, long right) => tally.Cut(in block, left, right);

    public void Move(in EventBlock block) => tally.Move(in block);

    public void MoveFailed(in EventBlock block) => tally.MoveFailed(in block);

    public void UnknownMoveFailed(bool isNative) => tally.UnknownMoveFailed(isNative);

    public void Replace(in EventBlock block, bool isNative) => tally.Replace(in block, isNative);

    public void Fork() => tally.Fork();

    public void TearDown() => tally.TearDown();

    public void Resident(long bytes) => tally.Resident(bytes);

    public void NameThread(int index, long kernelId, string name) => tally.NameThread(index, kernelId, name);

    public void Mark(string name) => tally.Mark(name);

    public void NoMore(string reason) => tally.NoMore(reason);
}
