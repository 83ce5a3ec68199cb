using Hognose.CPython.Layouts.Validation;
using Hognose.CPython.Runtime;
using Hognose.CPython.Tracing;
using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Targets.Copying;
using Hognose.Targets.Memory;
using Hognose.Targets.Processes;
using Hognose.Testing;

namespace Hognose.CPython.Tests.Truth;

/// <summary>Traces read from outside are those that <c>tracemalloc.take_snapshot()</c> gives inside, to the byte.</summary>
public sealed class TracemallocTruthTests
{
    /// <summary>Allocates between the snapshot and our look.</summary>
    private const string LeftOut = "/traced.py";

    [Theory, ClassData(typeof(AllInterpreters))]
    public void Lines_and_tracebacks_are_those_of_a_snapshot_with_one_frame_and_with_many(string name)
    {
        foreach (var frames in (int[])[1, 25])
        {
            using var target = new Traced(Interpreters.Find(name), frames);
            var memory = target.Read(target.Places);
            Assert.Empty(target.Trouble);
            Assert.Equal((frames, false), (memory.FramesKept, memory.IsTorn));
            Assert.Equal(Told(target.Truth, "lineno"), Lines(memory));
            Assert.Equal(Told(target.Truth, "traceback"), Stacks(memory));
            Assert.Contains(new TracedDomain(389047, 3 * 12345, 3), memory.Domains);
            if (memory.CountedBytes >= 0)
                Assert.Equal((memory.CountedBytes, true), (memory.AllBytes, memory.PeakBytes >= memory.AllBytes));
            if (frames > 1 && name != "3.8")
                Assert.True(memory.CutStacks > 0);
        }
    }

    [Theory, InlineData("3.8"), InlineData("3.9"), InlineData("3.10"), InlineData("3.11")]
    public void Tables_without_a_name_are_found_by_what_they_hold(string name)
    {
        using var target = new Traced(Interpreters.Find(name), 3);
        Assert.False(target.Places.Traces.IsNull, "pyenv's builds keep their symbols");
        var (named, found) = (target.Read(target.Places), target.Read(target.Places with { Traces = TargetAddress.Null, Domains = TargetAddress.Null }));
        Assert.Equal(Stacks(named), Stacks(found));
        Assert.Equal(named.Domains, found.Domains);
    }

    [Theory, ClassData(typeof(SpreadInterpreters))]
    public void Hostile_tables_end_and_are_told(string name)
    {
        using var target = new Traced(Interpreters.Find(name), 25);
        var layout = target.Python.Layout;
        var whole = target.Read(target.Places);
        var table = target.Word(target.Places.Traces);
        var entry = target.FirstEntry(table);
        var trace = layout.HashTableEntry.value < 0 ? entry + layout.HashTableEntry.Size + (long)target.Word(table + layout.HashTable.key_size).Value : target.Word(entry + layout.HashTableEntry.value);
        var stack = target.Word(trace + layout.TraceMallocTrace.traceback);
        var count = layout.HashTable.nentries < 0 ? layout.HashTable.entries : layout.HashTable.nentries;
        var buckets = layout.HashTable.nbuckets < 0 ? layout.HashTable.num_buckets : layout.HashTable.nbuckets;

        Told(TracemallocReader.OtherCount, entry + layout.HashTableEntry._Py_slist_item_next, entry.Value);
        Told(TracemallocReader.OtherCount, table + count, 1UL << 63);
        Told(TracemallocReader.BadTrace, trace + layout.TraceMallocTrace.size, 1UL << 63);
        Told(TracemallocReader.OtherSum, trace + layout.TraceMallocTrace.size, 1UL << 46);
        Told(TracemallocReader.BadStack, trace + layout.TraceMallocTrace.traceback, ulong.MaxValue);
        Told(TracemallocReader.BadStack, stack + layout.TraceMallocTraceback.frames, 0x1234);
        Told(TracemallocReader.BadStack, stack + layout.TraceMallocTraceback.nframe, ulong.MaxValue);
        foreach (var hostile in (ulong[])[1UL << 63, 1UL << 40, 17, 0])
            Told(TracemallocReader.NoTable, table + buckets, hostile);
        Told(TracemallocReader.NoTable, target.Places.Traces, ulong.MaxValue);
        Assert.Equal(Stacks(whole), Stacks(target.Read(target.Places)));

        void Told(string id, TargetAddress address, ulong value)
        {
            var former = target.Exchange(address, value);
            var memory = target.Read(target.Places);
            Assert.True(target.Trouble.ContainsKey(id), $"{id}: {value:x} at {address}");
            Assert.InRange(memory.AllBlocks, 0, whole.AllBlocks + 1000);
            target.Exchange(address, former);
        }
    }

    private static SortedDictionary<string, (long, long)> Told(string truth, string kind)
    {
        var rows = new SortedDictionary<string, (long, long)>(StringComparer.Ordinal);
        foreach (var row in truth.Split('\n').Select(line => line.Split('\t')).Where(row => row[0] == kind))
            rows.Add(string.Join('\t', row.Skip(3)), (long.Parse(row[1], null), long.Parse(row[2], null)));
        Assert.True(rows.Count > 10);
        return rows;
    }

    private static SortedDictionary<string, (long, long)> Lines(TracedMemory memory) => Rows(memory, stack => Text(memory.Stacks, stack));

    /// <summary>The outermost frame first, as Python shows them.</summary>
    private static SortedDictionary<string, (long, long)> Stacks(TracedMemory memory) => Rows(memory, stack =>
    {
        var frames = new List<string>();
        for (var at = stack; at != 0; at = memory.Stacks.ParentStack[at])
            frames.Insert(0, Text(memory.Stacks, at));
        return string.Join('\t', frames);
    });

    private static SortedDictionary<string, (long, long)> Rows(TracedMemory memory, Func<int, string> keyOf)
    {
        var rows = new SortedDictionary<string, (long Bytes, long Blocks)>(StringComparer.Ordinal);
        for (var stack = 0; stack < memory.Blocks.Length; stack++)
        {
            var file = memory.Stacks.Frames[memory.Stacks.InnermostFrame[stack]].File;
            if (memory.Blocks[stack] == 0 || file.EndsWith(LeftOut, StringComparison.Ordinal))
                continue;
            var former = rows.GetValueOrDefault(keyOf(stack));
            rows[keyOf(stack)] = (former.Bytes + memory.Bytes[stack], former.Blocks + memory.Blocks[stack]);
        }
        return rows;
    }

    private static string Text(StackTable stacks, int stack) => FormattableString.Invariant($"{stacks.Frames[stacks.InnermostFrame[stack]].File}:{stacks.Frames[stacks.InnermostFrame[stack]].Line}");

    /// <summary>traced.py, a copy of it, and what stands where.</summary>
    private sealed unsafe class Traced : IDisposable
    {
        private readonly TargetProgram _program;
        private readonly MemoryCopy _copy;

        public Traced(Interpreter python, int frames)
        {
            _program = TargetProgram.StartScript(python, WalkedProgram.Script("traced.py"), FormattableString.Invariant($"{frames}"));
            var process = TargetProcess.Open(_program.Pid);
            var found = RunningPython.Find(process, Limits.Default, CancellationToken.None);
            var places = TracemallocPlaces.Find(process, found, Limits.Default);
            Assert.NotEqual(false, places.IsTracing(process.Memory, found.Layout));
            _copy = MemoryCopier.Copy(process, new CopyOptions { Way = CopyWay.Copy }, CancellationToken.None);
            Python = LayoutResolver.Resolve(_copy.Memory, found.Build, Limits.Default, new DiagnosticBag());
            Places = places.Through(Python);
        }

        public PythonRuntime Python { get; }

        public TracemallocPlaces Places { get; }

        public string Truth => _program.Truth;

        /// <summary>Of the last reading.</summary>
        public IReadOnlyDictionary<string, long> Trouble { get; private set; } = new Dictionary<string, long>();

        public TracedMemory Read(TracemallocPlaces places)
        {
            var trouble = new DiagnosticBag();
            var memory = TracemallocReader.Read(_copy.Memory, _copy.Regions.Regions, Python, places, Limits.Default, trouble, CancellationToken.None);
            Trouble = trouble.Tally;
            return memory;
        }

        public TargetAddress Word(TargetAddress address) => new(*(ulong*)_copy.Memory.Translate(address.Value, sizeof(ulong)));

        /// <summary>The first of a list that has two.</summary>
        public TargetAddress FirstEntry(TargetAddress table)
        {
            var bucket = Word(table + Python.Layout.HashTable.buckets);
            while (Word(bucket).IsNull || Word(Word(bucket) + Python.Layout.HashTableEntry._Py_slist_item_next).IsNull)
                bucket += sizeof(ulong);
            return Word(bucket);
        }

        public ulong Exchange(TargetAddress address, ulong value)
        {
            var at = (ulong*)_copy.Memory.Translate(address.Value, sizeof(ulong));
            (var former, *at) = (*at, value);
            return former;
        }

        public void Dispose()
        {
            _copy.Dispose();
            _program.Dispose();
        }
    }
}
