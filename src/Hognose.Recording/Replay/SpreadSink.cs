using Hognose.Formats.Alloc;
using Hognose.Formats.Alloc.Events;

namespace Hognose.Recording.Replay;

/// <summary>As <see cref="WindowSink"/>, with the part of a stack in the place of the stack.</summary>
internal readonly struct SpreadSink(WindowTally tally, SpreadParts parts) : IEventSink
{
    public void Begin(RecordingFacts facts) => tally.Weights = new SampleWeights(facts.SampleBytes);

    public bool Moment(long now) => tally.Moment(now);

    public void Allocate(in EventBlock block) => tally.Allocate(parts.PartOf(in block));

    public void Free(in EventBlock block, uint allocationsSince) => tally.Free(parts.PartOf(in block), allocationsSince);

    public void Temporary(in EventBlock block) => tally.Temporary(parts.PartOf(in block));

    public void UnknownFree(bool isNative) => tally.UnknownFree(isNative);

    public void Cut(in EventBlock block, long left, long right)
    {
        tally.Cut(parts.PartOf(in block), left, right);
        if (!parts.IsBySize)
            return;
        // What is left is freed at its own size.
        foreach (var size in left > 0 && right > 0 ? (ReadOnlySpan<long>)[left, right] : [left + right])
        {
            var rest = block;
            rest.Site = block.Site with { Size = size };
            var was = parts.PartOf(in block);
            was.Site = was.Site with { Size = size };
            tally.Recount(in was, parts.PartOf(in rest));
        }
    }

    public void Move(in EventBlock block) => tally.Move(parts.PartOf(in block));

    public void MoveFailed(in EventBlock block) => tally.MoveFailed(parts.PartOf(in block));

    public void UnknownMoveFailed(bool isNative) => tally.UnknownMoveFailed(isNative);

    public void Replace(in EventBlock block, bool isNative) => tally.Replace(parts.PartOf(in block), isNative);

    public void Fork() => tally.Fork();

    public void TearDown() => tally.TearDown();

    public void Resident(long bytes) => tally.Resident(bytes);

    public void NameThread(int index, long kernelId, string name) => tally.NameThread(index, kernelId, name);

    public void Mark(string name) => tally.Mark(name);

    public void NoMore(string reason) => tally.NoMore(reason);
}
