using System.IO.Compression;
using CsCheck;
using Hognose.Diagnostics;
using Hognose.Targets.Copying;
using Hognose.Targets.Cores;
using Hognose.Targets.Memory;
using Hognose.Testing;
using ZstdSharp;

namespace Hognose.Targets.Tests.Cores;

public sealed class CoreFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(0), InlineData(0x5f0)]
    public void A_core_tells_of_its_process_and_holds_its_memory(int skew)
    {
        using var core = Open(HandmadeCore.Make(skew));
        using var copy = core.Copy;
        Assert.Equal((4711, "handmade", "handmade --all", 11), (core.ProcessId, core.ProgramName, core.CommandLine, core.Signal));
        Assert.Equal(new CoreThread(4711, HandmadeCore.Second + 8), Assert.Single(core.Threads));
        AssertHolds(copy, HandmadeCore.First, HandmadeCore.Page, 0);
        AssertHolds(copy, HandmadeCore.Second, 2 * HandmadeCore.Page, HandmadeCore.Page);
        Assert.Equal([RegionKind.File, RegionKind.Stack], copy.Regions.Regions.Select(region => region.Kind));
        Assert.Equal("/no/such/file", copy.Regions.Regions[0].Path);
        Assert.Equal(3UL * HandmadeCore.Page, copy.CopiedBytes);
        Assert.Empty(copy.Memory.Missing);
    }

    [Fact]
    public void A_packed_core_gives_what_the_plain_one_gives()
    {
        var plain = HandmadeCore.Make(16);
        var gzip = new MemoryStream();
        using (var stream = new GZipStream(gzip, CompressionLevel.Fastest, leaveOpen: true))
            stream.Write(plain);
        using var zstd = new Compressor();
        foreach (var packed in (byte[][])[gzip.ToArray(), zstd.Wrap(plain).ToArray()])
        {
            using var core = Open(packed);
            using var copy = core.Copy;
            AssertHolds(copy, HandmadeCore.Second, 2 * HandmadeCore.Page, HandmadeCore.Page);
        }
        AssertRefused(zstd.Wrap(plain)[..^200].ToArray(), "cannot be unpacked");
        AssertRefused([.. gzip.ToArray()[..20], .. "garbage garbage garbage garbage"u8], "cannot be unpacked");
        // GZipStream takes an end in the middle for the end.
        using var cut = Open(gzip.ToArray()[..^200]);
        using (cut.Copy)
            Assert.True(cut.CutOffBytes > 0);
        AssertRefused([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0, 0], "compressed by xz");
    }

    /// <summary>Found by CoreFuzzTests: a buffer was filled for every 4 MiB of what is not there.</summary>
    [Fact]
    public void A_mapping_of_which_a_core_has_next_to_nothing_is_not_searched_through()
    {
        const int memorySize = HandmadeCore.HeaderSize + (2 * HandmadeCore.SegmentSize) + 40;
        const ulong claimed = 1UL << 38;
        var bytes = HandmadeCore.Make();
        BitConverter.TryWriteBytes(bytes.AsSpan(memorySize), claimed);
        using var core = Open(bytes);
        using var copy = core.Copy;
        var start = GC.GetAllocatedBytesForCurrentThread();
        var piece = Assert.Single(core.ReadPresent([.. core.ReadMappings(Limits.Default).Where(mapping => mapping.Low.Value == HandmadeCore.Second)], 16));
        Assert.Equal((HandmadeCore.Second, 2 * HandmadeCore.Page), (piece.Address.Value, piece.Bytes.Length));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - start < 1 << 20, "buffers were made for what is not there");
        Assert.Equal(claimed - (2 * HandmadeCore.Page), Assert.Single(copy.Memory.Missing).Length);
    }

    /// <summary>What a core leaves out of its images comes from their files, which it may name as it likes.</summary>
    [Theory, InlineData("/dev/zero", MissingReason.NotInCore), InlineData("a file", MissingReason.BeyondLimit)]
    public void Files_without_end_are_not_read_into_memory(string name, MissingReason reason)
    {
        const int first = HandmadeCore.HeaderSize + HandmadeCore.SegmentSize;
        const ulong claimed = 3UL << 29;
        var path = name == "a file" ? _folder.At(name) : name;
        if (path != name)
            using (var sparse = File.Create(path))
                sparse.SetLength(3L << 30);
        var bytes = HandmadeCore.Make(0, path);
        // Read and execute, nothing in the core, and much in memory; the second segment makes room.
        BitConverter.TryWriteBytes(bytes.AsSpan(first + 4), 5U);
        BitConverter.TryWriteBytes(bytes.AsSpan(first + 32), 0UL);
        BitConverter.TryWriteBytes(bytes.AsSpan(first + 40), claimed);
        BitConverter.TryWriteBytes(bytes.AsSpan(first + HandmadeCore.SegmentSize + 16), HandmadeCore.First + (1UL << 36));
        using var core = Open(bytes);
        using var copy = core.Copy;
        Assert.Equal(new MissingRange(new TargetAddress(HandmadeCore.First), new TargetAddress(HandmadeCore.First + claimed), reason), Assert.Single(copy.Memory.Missing));
    }

    [Theory, InlineData(0), InlineData(0x5f0)]
    public void A_core_cut_off_anywhere_is_refused_or_says_what_is_lacking(int skew)
    {
        var whole = HandmadeCore.Make(skew);
        var headers = HandmadeCore.HeaderSize + (3 * HandmadeCore.SegmentSize);
        for (var length = 0; length < whole.Length; length += length < 400 ? 1 : 509)
        {
            if (length < headers)
            {
                AssertRefused(whole[..length], "core");
                continue;
            }
            using var core = Open(whole[..length]);
            using var copy = core.Copy;
            Assert.Equal((ulong)Math.Min(3 * HandmadeCore.Page, whole.Length - length), core.CutOffBytes);
            Assert.Equal((3UL * HandmadeCore.Page) - core.CutOffBytes, copy.CopiedBytes);
        }
    }

    [Fact]
    public void Headers_that_cannot_be_true_are_refused_in_one_line()
    {
        const int second = HandmadeCore.HeaderSize + (2 * HandmadeCore.SegmentSize);
        AssertRefused([], "is empty");
        AssertRefused("not a core at all"u8.ToArray(), "is no core file");
        AssertRefused(Changed(4, 1), "another kind of machine");
        AssertRefused(Changed(16, 3), "a program or library");
        AssertRefused(Changed(54, 55), "program headers have 55 bytes");
        AssertRefused(ChangedWord(32, ulong.MaxValue - 10), "ends within");
        AssertRefused(Changed(57, 0xff), "ends within");
        AssertRefused(ChangedWord(second + 16, HandmadeCore.First), "overlap");
        AssertRefused(ChangedWord(second + 16, HandmadeCore.Second + 1), "not made of pages");
        AssertRefused(ChangedWord(second + 40, 1UL << 63), "claims 0x8000000000000000 bytes");
        AssertRefused(ChangedWord(second + 32, 1UL << 63), "more bytes in the file");
        AssertRefused(ChangedWord(second + 8, ulong.MaxValue - 4095), "more bytes in the file");
        var none = HandmadeCore.Make();
        none[56] = 1;
        AssertRefused(none, "holds no memory");
    }

    [Fact]
    public void Many_segments_are_counted_by_the_section_header()
    {
        var bytes = HandmadeCore.Make();
        bytes[56] = bytes[57] = 0xff;
        BitConverter.TryWriteBytes(bytes.AsSpan(40), 512UL);
        BitConverter.TryWriteBytes(bytes.AsSpan(512 + 44), 3U);
        using (var core = Open(bytes))
        using (core.Copy)
            Assert.Equal(2, core.Copy.Regions.Regions.Count);
        BitConverter.TryWriteBytes(bytes.AsSpan(512 + 44), uint.MaxValue);
        AssertRefused(bytes, "claims to have 4,294,967,295 segments");
    }

    [Fact]
    public void Bytes_changed_at_random_lead_to_a_core_or_to_one_line() =>
        Gen.Select(Gen.Int[0, (2 * HandmadeCore.Page) - 1], Gen.OneOf(Gen.Byte, Gen.Const((byte)0xff), Gen.Const((byte)0x80))).Array[1, 12].Sample(
            changes =>
            {
                var bytes = HandmadeCore.Make();
                foreach (var (at, value) in changes)
                    // Most of the first pages is empty: half of the changes go where something stands.
                    bytes[at % 2 == 0 ? at % 232 : HandmadeCore.Page + (at % 700)] = value;
                var path = Path.Combine(_folder.Path, Path.GetRandomFileName());
                File.WriteAllBytes(path, bytes);
                try
                {
                    using var core = CoreFile.Open(path, null, Limits.Default, CancellationToken.None);
                    core.Copy.Dispose();
                }
                catch (CannotContinueException refusal)
                {
                    Assert.DoesNotContain('\n', refusal.Message);
                }
                File.Delete(path);
            },
            seed: "0000oXhFuOv4",
            iter: 5_000);

    private static void AssertHolds(MemoryCopy copy, ulong address, int length, int index)
    {
        var bytes = new byte[length];
        Assert.True(copy.Memory.TryRead(new TargetAddress(address), bytes));
        Assert.Equal(Enumerable.Range(index, length).Select(HandmadeCore.ByteAt), bytes);
    }

    private static byte[] Changed(int at, byte value)
    {
        var bytes = HandmadeCore.Make();
        bytes[at] = value;
        return bytes;
    }

    private static byte[] ChangedWord(int at, ulong value)
    {
        var bytes = HandmadeCore.Make();
        BitConverter.TryWriteBytes(bytes.AsSpan(at), value);
        return bytes;
    }

    private void AssertRefused(byte[] bytes, string words)
    {
        var refusal = Assert.Throws<CannotContinueException>(() => Open(bytes));
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.NotEmpty(refusal.Remedy);
    }

    private CoreFile Open(byte[] bytes)
    {
        var path = _folder.At("core");
        File.WriteAllBytes(path, bytes);
        return CoreFile.Open(path, null, Limits.Default, CancellationToken.None);
    }
}
