using Hognose.Formats.Alloc;
using Hognose.Formats.Heap;
using Hognose.Formats.Tests.Alloc;
using Hognose.Formats.Tests.Heap;
using Hognose.Testing.Fuzzing;

namespace Hognose.Formats.Tests.Fuzzing;

/// <summary>The readers of <c>*.heap</c> and <c>*.alloc</c>: whatever comes is read into something consistent or refused in one line.</summary>
public class FormatFuzzTests
{
    /// <summary>A lost block of objects is replaced by as many as a block may hold, at 42 bytes each, and columns grow by doubling.</summary>
    private const long MostBytes = 256 << 20;

    private static readonly byte[] Heap = HeapFileTests.Encode(HeapFileTests.Make(40, edgesPerNode: 3, seed: 1));
    private static readonly byte[] Recording = Recordings.Encode(Recordings.Small());

    [Fact]
    public void A_snapshot_altered_behind_its_checksums() => FuzzRun.Give(2_000, MostBytes, new Altering(Heap).Next, ReadHeap);

    [Fact]
    public void A_recording_altered_behind_its_checksums() => FuzzRun.Give(2_000, MostBytes, new Altering(Recording).Next, ReadRecording);

    /// <summary>The head is right in most; a chance of one in 30 of no change at all lets some through.</summary>
    [Fact]
    public void Bytes_that_begin_as_a_snapshot_or_a_recording() => FuzzRun.Give(2_000, MostBytes, Raw, bytes =>
    {
        if (bytes.Length > 4 && bytes[4] == Recording[4])
            ReadRecording(bytes);
        else
            ReadHeap(bytes);
    });

    private static byte[] Raw(Random random)
    {
        var file = random.Next(2) == 0 ? Heap : Recording;
        if (random.Next(30) == 0)
            return file;
        if (random.Next(3) > 0)
            return Mutation.Of(file, random);
        var bytes = new byte[random.Next(0, 600)];
        random.NextBytes(bytes);
        return [.. file.AsSpan(0, random.Next(0, file.Length)), .. bytes];
    }

    private static void ReadHeap(byte[] bytes)
    {
        var heap = HeapFileReader.Read(new MemoryStream(bytes), "x.heap", []);
        var nodes = heap.Addresses.Length;
        // A lost block of objects is a hundred thousand of them: no call for each.
        Assert.True(Array.TrueForAll(heap.Edges, edge => (edge & ((1u << 30) - 1)) < nodes));
        Assert.True(Array.TrueForAll(heap.TypeIds, type => type >= 0 && type < heap.Types.Count));
        Assert.True(Array.TrueForAll(heap.EdgeNames, name => name >= 0 && name < heap.Names.Count));
        Assert.All(heap.Roots.Concat(heap.HeldByFrames).Concat(heap.OwnNames.Keys).Concat(heap.FreeVariables.Keys), node => Assert.InRange(node, 0, nodes - 1));
        Assert.All(heap.Holders, holder => Assert.InRange(holder.Node, 0, nodes - 1));
        Assert.All(heap.Types, type => Assert.InRange(type.Node, -1, nodes - 1));
        Assert.All(heap.Values.Keys.Concat(heap.Suspended.Keys).Concat(heap.WeakTargets.Keys).Concat(heap.WeakTargets.Values), node => Assert.InRange(node, 0, nodes - 1));
        Assert.All(heap.Threads.SelectMany(thread => thread.Frames).SelectMany(frame => frame.Variables), each => Assert.InRange(each.Node, 0, nodes - 1));
        Assert.True(Array.TrueForAll(heap.Births?.StackOfNode ?? [], stack => stack >= -1 && stack < heap.Births!.Stacks.Count));
        Assert.Equal(nodes + 1, heap.EdgeStarts.Length);
        Assert.Equal(heap.Edges.Length, heap.EdgeStarts[^1]);
        var isConsistent = true;
        for (var node = 0; node < nodes; node++)
            isConsistent &= heap.Sizes[node] >= 0 && heap.EdgeStarts[node] <= heap.EdgeStarts[node + 1] && (node == 0 || heap.Addresses[node] > heap.Addresses[node - 1]);
        for (var node = 0; node < heap.EqualBefore.Length; node++)
            isConsistent &= heap.EqualBefore[node] >= -1 && heap.EqualBefore[node] < node;
        Assert.True(isConsistent);
    }

    private static void ReadRecording(byte[] bytes)
    {
        var recording = AllocReader.Read(new MemoryStream(bytes), "x.alloc");
        Assert.Equal(recording.Stacks.Count, recording.Usage.Length);
        for (var stack = 1; stack < recording.Stacks.Count; stack++)
            Assert.InRange(recording.Stacks.ParentStack[stack], 0, stack - 1);
    }

    private sealed class Altering(byte[] file)
    {
        private readonly BlocksOfFile _blocks = BlocksOfFile.Split(file);

        public byte[] Next(Random random) => _blocks.Altered(random);
    }
}
