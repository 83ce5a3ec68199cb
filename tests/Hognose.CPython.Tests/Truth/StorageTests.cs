using System.Globalization;
using Hognose.Heap;
using Hognose.Testing;

namespace Hognose.CPython.Tests.Truth;

/// <summary>An object whose storage is an object, too: sys.getsizeof of the first has the bytes of the second, which must not count twice.</summary>
public sealed class StorageTests
{
    private const string Program = """
        import io, sys
        shared = b"s" * 300_000
        written = io.BytesIO(); written.write(b"w" * 100_000)
        kept = [bytearray(200_000), written, io.BytesIO(shared)]
        print(" ".join(f"{id(each)} {sys.getsizeof(each)}" for each in kept), id(shared), sys.getsizeof(shared))
        print("ready", flush=True)
        sys.stdin.read()
        """;

    [Theory, ClassData(typeof(AllInterpreters))]
    public void Each_byte_counts_once(string name)
    {
        using var program = TargetProgram.Start(Interpreters.Find(name).Executable, ["-c", Program]);
        var graph = WalkedProgram.WalkLive(program.Pid, new()).Walk.Graph;
        var said = program.Truth.Split('\n')[0].Split(' ').Select(word => long.Parse(word, CultureInfo.InvariantCulture)).ToList();
        foreach (var (owner, size) in said.Chunk(2).Select(pair => (NodeAt(graph, pair[0]), pair[1])))
            Assert.Equal(size, graph.Sizes[owner.Value]);

        Assert.Equal(said[1] + said[3] + said[5], said.Chunk(2).Take(3).Sum(pair => WithStorage(graph, NodeAt(graph, pair[0]), NodeAt(graph, said[6]))));
    }

    private static long WithStorage(HeapGraph graph, NodeId owner, NodeId besides)
    {
        var sum = graph.Sizes[owner.Value];
        foreach (var edge in graph.EdgesOf(owner))
            if (HeapGraph.TargetOf(edge) is var storage && storage != besides && graph.TypeOf(storage).QualifiedName == "bytes")
                sum += graph.Sizes[storage.Value];
        return sum;
    }

    private static NodeId NodeAt(HeapGraph graph, long address)
    {
        Assert.True(graph.TryFind((ulong)address, out var node));
        return node;
    }
}
