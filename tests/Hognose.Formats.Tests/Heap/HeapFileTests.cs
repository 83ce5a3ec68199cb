using Hognose.Columns;
using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Formats.Blocks;
using Hognose.Formats.Heap;

namespace Hognose.Formats.Tests.Heap;

public class HeapFileTests
{
    private static readonly StackTable Callers = new([new SourceFrame("load", "/a/b.py", 41, 40), new SourceFrame("main", "/a/b.py", 7, 1)], [0, 0, 1], [-1, 1, 0]);
    private static readonly HeapFile Small = Make(40, edgesPerNode: 3, seed: 1);
    private static readonly byte[] Bytes = Encode(Small);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(1, 5)]
    [InlineData(40_000, 4)]
    public void What_was_written_is_read(int nodes, int edges)
    {
        var heap = Make(nodes, edges, seed: 7);
        var read = Decode(Encode(heap), []);
        Same(heap, read);
        Assert.Equal(0, read.LostNodes);
    }

    [Theory]
    [InlineData(HeapColumns.None)]
    [InlineData(HeapColumns.Surplus)]
    [InlineData(HeapColumns.Lengths)]
    [InlineData(HeapColumns.Contents)]
    public void What_is_not_asked_for_is_left_out_and_nothing_else(HeapColumns columns)
    {
        var heap = Make(20_000, edgesPerNode: 3, seed: 11);
        var parts = new List<double>();
        var read = HeapFileReader.Read(new MemoryStream(Encode(heap)), "x.heap", [], columns, parts.Add);
        Same(
            heap with
            {
                Surplus = columns == HeapColumns.Surplus ? heap.Surplus : [],
                Lengths = columns == HeapColumns.Lengths ? heap.Lengths : [],
                EqualBefore = columns == HeapColumns.Contents ? heap.EqualBefore : [],
                Unused = columns == HeapColumns.Contents ? heap.Unused : [],
            },
            read);
        Assert.Equal(parts.Order(), parts);
        Assert.InRange(parts[^1], 0.5, 1);
    }

    [Fact]
    public void Every_truncation_is_noticed()
    {
        for (var length = 0; length < Bytes.Length; length++)
            Assert.NotEmpty(Assert.ThrowsAny<CannotContinueException>(() => Decode(Bytes[..length], [])).Message);
    }

    /// <summary>Either one line says what is wrong, or the damage is told and what is whole is there: never a heap that is silently another one.</summary>
    [Fact]
    public void A_flipped_bit_is_noticed_in_every_byte()
    {
        // Every byte, one bit of it or two, and every bit of a byte in turn: all of them take three minutes on a slow machine, and the checksum cares for none.
        const int stride = 5;
        var shown = 0;
        for (var bit = 0; bit < Bytes.Length * 8; bit += stride)
        {
            var damaged = Bytes.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            var damage = new List<string>();
            try
            {
                var read = Decode(damaged, damage);
                Assert.Contains("fails its checksum", Assert.Single(damage), StringComparison.Ordinal);
                Assert.Equal(Small.Addresses.Length, read.Addresses.Length);
                Assert.Contains(read.Trouble.Keys, id => id is "HG0401" or "HG0402" or "HG0403");
                if (bit % 16 == 0)
                    Assert.Equal(read.Trouble, HeapFileReader.Read(new MemoryStream(damaged), "x.heap", [], HeapColumns.None).Trouble);
                shown++;
            }
            catch (CannotContinueException trouble)
            {
                Assert.DoesNotContain('\n', trouble.Message);
            }
        }
        Assert.True(shown > 0, "no damaged block was left out");
    }

    [Fact]
    public void A_lost_block_of_objects_costs_these_and_no_others()
    {
        var heap = Make(3 * HeapFormat.NodesPerBlock, edgesPerNode: 0, seed: 3);
        var bytes = HeapForged.Damaged(Encode(heap), BlockType.Nodes, number: 1);
        var damage = new List<string>();
        var read = Decode(bytes, damage);
        Assert.Single(damage);
        Assert.Equal(HeapFormat.NodesPerBlock, read.LostNodes);
        Assert.Equal(heap.Addresses.Take(HeapFormat.NodesPerBlock), read.Addresses.Take(HeapFormat.NodesPerBlock));
        Assert.Equal(heap.Addresses[^1], read.Addresses[^1]);
        Assert.Equal("(lost)", read.Types[read.TypeIds[HeapFormat.NodesPerBlock]].Name);
        for (var i = 1; i < read.Addresses.Length; i++)
            Assert.True(read.Addresses[i] > read.Addresses[i - 1]);
    }

    /// <summary>What one question needs is given up when a block of it is damaged, and nothing else is.</summary>
    [Fact]
    public void A_lost_block_of_one_question_costs_that_question_only()
    {
        var kinds = new Dictionary<BlockType, Func<HeapFile, bool>>
        {
            [BlockType.Contents] = file => file.EqualBefore.Length == 0 && file.Unused.Length == 0,
            [BlockType.WeakTargets] = file => file.WeakTargets.Count == 0,
            [BlockType.Values] = file => file.Values.Count == 0,
            [BlockType.Suspended] = file => file.Suspended.Count == 0,
            [BlockType.Threads] = file => file.Threads.Count == 0,
            [BlockType.Collectors] = file => file.Collectors.Count == 0,
            [BlockType.Mappings] = file => file.Resident is null,
            [BlockType.Resident] = file => file.Resident is null,
            [BlockType.Pools] = file => file.Resident is null,
        };
        foreach (var kind in kinds.Keys)
        {
            var damage = new List<string>();
            var read = Decode(HeapForged.Damaged(Bytes, kind), damage);
            Assert.Single(damage);
            Assert.Equal(1, read.Trouble["HG0403"]);
            Assert.All(kinds, each => Assert.Equal(each.Key == kind || (each.Value(read) && AreResident(each.Key, kind)), each.Value(read)));
            Assert.Equal(Small.Edges, read.Edges);
        }

        // The three blocks of the resident memory make one answer.
        static bool AreResident(BlockType one, BlockType other) => IsResident(one) && IsResident(other);

        static bool IsResident(BlockType kind) => kind is BlockType.Mappings or BlockType.Resident or BlockType.Pools;
    }

    /// <summary>Written on 2026-11-27 by a hognose that knew no blocks of contents, threads, collectors and resident memory.</summary>
    [Fact]
    public void The_first_file_of_format_1_stays_readable()
    {
        using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Golden", "format-1.heap"));
        var damage = new List<string>();
        var file = HeapFileReader.Read(stream, "format-1.heap", damage);
        Assert.Empty(damage);
        Assert.Empty(file.Trouble);
        Assert.Equal(("3.13.0", 13011, 12_159, 35_531), (file.Facts.PythonVersion, file.Facts.ProcessId, file.Addresses.Length, file.Edges.Length));
        Assert.Equal(1_396_914, file.Sizes.Sum());
        Assert.Equal((1, 4_576), (ObjectsOf("__main__", "Page"), ObjectsOf("builtins", "str")));
        Assert.Contains(file.Holders, holder => holder is { Kind: 1, Name: "rows", Thread: 1, Function: "work" });
        Assert.Equal((0, 0, 0), (file.EqualBefore.Length, file.Threads.Count, file.Collectors.Count));
        Assert.Null(file.Resident);

        int ObjectsOf(string module, string name) => file.TypeIds.Count(id => file.Types[id].Module == module && file.Types[id].Name == name);
    }

    [Fact]
    public void A_recording_is_no_snapshot()
    {
        var recording = Bytes.ToArray();
        recording[4] = (byte)'A';
        Assert.Contains("no snapshot of hognose, but a recording", Assert.Throws<CannotContinueException>(() => Decode(recording, [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_newer_format_is_named()
    {
        var newer = Encode(Small, version: 2);
        Assert.Contains("newer hognose (format 2", Assert.Throws<CannotContinueException>(() => Decode(newer, [])).Message, StringComparison.Ordinal);
    }

    /// <summary>Valid checksums around anything: one clear line, or a heap that is consistent.</summary>
    [Fact]
    public void Altered_payloads_behind_valid_checksums_do_no_harm()
    {
        var random = new Random(11);
        for (var round = 0; round < 3_000; round++)
        {
            var altered = HeapForged.Altered(Bytes, random);
            try
            {
                var read = Decode(altered, []);
                Assert.All(read.Edges, edge => Assert.True((edge & ((1u << 30) - 1)) < read.Addresses.Length));
                Assert.All(read.TypeIds, type => Assert.InRange(type, 0, read.Types.Count - 1));
                Assert.All(read.EdgeNames, name => Assert.InRange(name, 0, read.Names.Count - 1));
                Assert.Equal(read.Edges.Length, read.EdgeStarts[^1]);
                Assert.All(read.Births?.StackOfNode ?? [], stack => Assert.InRange(stack, -1, read.Births!.Stacks.Count - 1));
            }
            catch (CannotContinueException trouble)
            {
                Assert.DoesNotContain('\n', trouble.Message);
            }
        }
    }

    internal static HeapFile Make(int nodes, int edgesPerNode, int seed)
    {
        var random = new Random(seed);
        var addresses = new ulong[nodes];
        var at = 0x7f00_0000_0000UL;
        for (var i = 0; i < nodes; i++)
            addresses[i] = at += (ulong)random.Next(2, 40) * 8;
        var edges = new uint[nodes * edgesPerNode];
        for (var i = 0; i < edges.Length; i++)
            edges[i] = (uint)random.Next(nodes) | ((uint)random.Next(4) << 30);
        return new HeapFile
        {
            Facts = new HeapFileFacts { ToolVersion = "0.1.0", ProcessId = 4711, ProgramName = "python3", PythonVersion = "3.13.0", TakenAt = DateTimeOffset.UnixEpoch, Nodes = nodes },
            Types = [new HeapFileType("builtins", "dict", 0x1000, 0, nodes > 0 ? 0 : -1), new HeapFileType("app", "Node", 0x2000, 1, -1)],
            Addresses = AddressColumn.Of(addresses),
            TypeIds = [.. addresses.Select(_ => random.Next(2))],
            Sizes = [.. addresses.Select(_ => (long)random.Next(16, 100_000))],
            Flags = [.. addresses.Select(_ => (byte)random.Next(32))],
            Surplus = [.. addresses.Select(_ => random.Next(4) == 0 ? HeapFile.NotCounted : random.Next(-3, 4))],
            Lengths = [.. addresses.Select(_ => (long)random.Next(-1, 50))],
            EdgeStarts = [.. Enumerable.Range(0, nodes + 1).Select(i => i * edgesPerNode)],
            Edges = edges,
            EdgeNames = [.. edges.Select(_ => random.Next(3))],
            Names = [default, new HeapFileName(1, "next"), new HeapFileName(2, "")],
            Roots = [.. Enumerable.Range(0, nodes).Where(i => i % 7 == 0)],
            HeldByFrames = nodes == 0 ? [] : [0, 0, nodes - 1],
            Holders = nodes == 0 ? [] : [new HeapFileHolder(0, 0, "app", 0, "", ""), new HeapFileHolder(nodes - 1, 1, "rows", 2, "work", "/a/b.py")],
            OwnNames = nodes == 0 ? [] : new Dictionary<int, string> { [0] = "app" },
            FreeVariables = nodes == 0 ? [] : new Dictionary<int, IReadOnlyList<string>> { [0] = ["response", "π"] },
            Trouble = new Dictionary<string, long> { ["HG0105"] = 2 },
            Births = nodes == 0 ? null : new HeapFileBirths(Callers, [.. addresses.Select(_ => random.Next(-1, Callers.Count))], [.. addresses.Select(_ => random.Next(4) == 0 ? int.MaxValue - 1 : random.Next(-1, 5))])
            {
                BlockBytesOfNode = nodes % 2 == 0 ? [] : [.. addresses.Select(_ => random.Next(4) == 0 ? int.MaxValue - 1 : random.Next(-1, 5_000))],
            },
            EqualBefore = [.. Enumerable.Range(0, nodes).Select(i => i > 0 && random.Next(3) == 0 ? random.Next(i) : -1)],
            Unused = [.. addresses.Select(_ => (long)random.Next(0, 100) * 8)],
            Values = nodes == 0 ? [] : new Dictionary<int, string> { [0] = "'π…'", [nodes - 1] = "-12" },
            WeakTargets = nodes == 0 ? [] : new Dictionary<int, int> { [0] = nodes - 1, [nodes - 1] = 0 },
            Suspended = nodes == 0 ? [] : new Dictionary<int, HeapFilePlace> { [nodes - 1] = new("/a/c.py", 7) },
            Threads = nodes == 0 ? [] : [Thread(nodes), new HeapFileThread(2, "worker π", 0, [])],
            Collectors =
            [
                new HeapFileCollector(0, true, false, true, 38, 3, 1, 200, -1, [new HeapFileGeneration(700, 12, 40, 8, 1000, 1, -1, -1)]),
                new HeapFileCollector(2, false, true, false, 0, 0, 0, 0, 500, [new HeapFileGeneration(0, -1, 0, 0, 0, 0, 1_500_000, 70)]),
            ],
            Resident = nodes == 0 ? null : Resident,
        };
    }

    private static HeapFileThread Thread(int nodes) => new(
        1, "MainThread", 4711,
        [new HeapFileFrame("work", "/a/b.py", 88, [new HeapFileVariable("rows", nodes - 1), new HeapFileVariable("π", 0)]), new HeapFileFrame("<module>", "/a/b.py", 0, [])]);

    private static HeapFileResident Resident => new()
    {
        Mappings =
        [
            new HeapFileMapping(0x1000, 0x3000, "/bin/python", 1, 2, 3, 4, 5, 6),
            new HeapFileMapping(0x7fff_0000_0000, 0x1000, "", 4096, 4096, 0, 4096, 4096, 0),
            new HeapFileMapping(0xffff_ffff_ff60_0000, 0x1000, "[vsyscall]", 0, 0, 0, 0, 0, 0),
        ],
        Parts = [new HeapFilePart(0, "dict", 100, 2), new HeapFilePart(19, "", 4096, 1)],
        Arenas = [new HeapFileArena(0x7f00_0010_0000, 1 << 20, 5, 80, 4096), new HeapFileArena(0x7f00_0020_0000, 1 << 20, 0, 0, 0)],
        Classes = [new HeapFileSizeClass(32, 1, 5, 2)],
        MallocArenas = [new HeapFileMallocArena(0x5000, true, 9, 8, 7, 6, 5)],
        Pools = new HeapFilePoolTotals(16384, 1, 48, 16, 0),
        Malloc = new HeapFileMallocTotals(1, 5_000_000, 3, 2),
    };

    internal static byte[] Encode(HeapFile heap, byte version = 1)
    {
        var stream = new MemoryStream();
        HeapFileWriter.Write(stream, heap);
        return version == 1 ? stream.ToArray() : HeapForged.WithVersion(stream.ToArray(), version);
    }

    private static HeapFile Decode(byte[] bytes, List<string> damage) => HeapFileReader.Read(new MemoryStream(bytes), "x.heap", damage);

    private static void Same(HeapFile one, HeapFile other)
    {
        Assert.Equal(one.Facts, other.Facts);
        Assert.Equal(one.Types, other.Types);
        Assert.Equal(one.Addresses, other.Addresses);
        Assert.Equal(one.TypeIds, other.TypeIds);
        Assert.Equal(one.Sizes, other.Sizes);
        Assert.Equal(one.Flags, other.Flags);
        Assert.Equal(one.Surplus, other.Surplus);
        Assert.Equal(one.Lengths, other.Lengths);
        Assert.Equal(one.EdgeStarts, other.EdgeStarts);
        Assert.Equal(one.Edges, other.Edges);
        Assert.Equal(one.EdgeNames, other.EdgeNames);
        Assert.Equal(one.Names.Skip(1), other.Names.Skip(1));
        Assert.Equal(one.Roots, other.Roots);
        Assert.Equal(one.HeldByFrames, other.HeldByFrames);
        Assert.Equal(one.Holders, other.Holders);
        Assert.Equal(one.OwnNames, other.OwnNames);
        Assert.Equal(one.FreeVariables.Keys, other.FreeVariables.Keys);
        Assert.All(one.FreeVariables, each => Assert.Equal(each.Value, other.FreeVariables[each.Key]));
        Assert.Equal(one.Trouble, other.Trouble);
        Assert.Equal(one.Births?.StackOfNode, other.Births?.StackOfNode);
        Assert.Equal(one.Births?.Stacks.Frames, other.Births?.Stacks.Frames);
        Assert.Equal(one.Births?.Stacks.ParentStack, other.Births?.Stacks.ParentStack);
        Assert.Equal(one.Births?.Stacks.InnermostFrame, other.Births?.Stacks.InnermostFrame);
        Assert.Equal(one.EqualBefore, other.EqualBefore);
        Assert.Equal(one.Unused, other.Unused);
        Assert.Equivalent(one.Values, other.Values, strict: true);
        Assert.Equivalent(one.WeakTargets, other.WeakTargets, strict: true);
        Assert.Equivalent(one.Suspended, other.Suspended, strict: true);
        Assert.Equivalent(one.Threads, other.Threads, strict: true);
        Assert.Equivalent(one.Collectors, other.Collectors, strict: true);
        Assert.Equivalent(one.Resident, other.Resident, strict: true);
    }
}
