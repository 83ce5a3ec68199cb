using System.Text;
using CsCheck;
using Hognose.Diagnostics;
using Hognose.Targets.Memory;
using Hognose.Targets.Processes;

namespace Hognose.Targets.Tests.Processes;

public sealed class ProcMapsTests
{
    private const string Sample = """
        00400000-0041f000 r--p 00000000 fe:00 7734                               /usr/bin/python3.11
        0041f000-006b7000 r-xp 0001f000 fe:00 7734                               /usr/bin/python3.11
        00a5b000-00a5c000 rw-p 00000000 00:00 0 
        00f52000-00f73000 rw-p 00000000 00:00 0                                  [heap]
        7f6f6a000000-7f6f6a021000 rw-s 00001000 00:01 12                         /dev/shm/a name with (deleted) in it (deleted)
        7f6f6b000000-7f6f6b021000 ---p 00000000 fe:00 99                         /tmp/line\012break
        7fff3bb3c000-7fff3bb5d000 rw-p 00000000 00:00 0                          [stack]
        ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]

        """;

    [Fact]
    public void Every_column_of_a_line_is_read()
    {
        var maps = Parse(Sample, out var malformed);

        Assert.Equal(0, malformed);
        Assert.Equal(8, maps.Count);
        Assert.Equal(
            new Mapping(new TargetAddress(0x41f000), new TargetAddress(0x6b7000), MappingAccess.Read | MappingAccess.Execute, 0x1f000, "fe:00", 7734, "/usr/bin/python3.11", false),
            maps[1]);
        Assert.False(maps[2].IsFile);
        Assert.Equal("[heap]", maps[3].Path);
        Assert.True(maps[4].Has(MappingAccess.Shared | MappingAccess.Write));
        Assert.Equal(0xffffffffff601000, maps[7].High.Value);
    }

    [Fact]
    public void Only_the_last_deleted_of_a_path_is_the_kernels_word()
    {
        var map = Parse(Sample, out _)[4];
        Assert.Equal("/dev/shm/a name with (deleted) in it", map.Path);
        Assert.True(map.IsDeleted);
    }

    [Fact]
    public void A_line_break_in_a_path_is_restored() => Assert.Equal("/tmp/line\nbreak", Parse(Sample, out _)[5].Path);

    [Theory]
    [InlineData("nonsense")]
    [InlineData("1000-0000 r--p 00000000 00:00 0")]
    [InlineData("1000-1000 r--p 00000000 00:00 0")]
    [InlineData("1000-2000 r-")]
    [InlineData("1000-2000 r--p 0 00:00 x")]
    [InlineData("10000000000000000-20000000000000000 r--p 0 00:00 0")]
    [InlineData("-1000-2000 r--p 0 00:00 0")]
    public void A_line_that_is_none_is_counted_and_left_out(string line)
    {
        var maps = Parse(line + "\n3000-4000 r--p 00000000 00:00 0 \n", out var malformed);
        Assert.Equal(1, malformed);
        Assert.Equal(0x3000u, Assert.Single(maps).Low.Value);
    }

    [Fact]
    public void A_line_that_goes_backwards_is_left_out()
    {
        var maps = Parse("3000-5000 r--p 00000000 00:00 0 \n4000-6000 r--p 00000000 00:00 0 \n", out var malformed);
        Assert.Single(maps);
        Assert.Equal(1, malformed);
    }

    [Fact]
    public void No_more_lines_than_the_limit_are_believed()
    {
        var maps = ProcMaps.Parse(Encoding.UTF8.GetBytes(Sample), Limits.Default with { Mappings = 3 }, out _);
        Assert.Equal(3, maps.Count);
    }

    [Fact]
    public void Bytes_changed_at_random_never_break_the_order_of_mappings() =>
        Gen.Select(Gen.Int[0, Sample.Length - 1], Gen.Byte).Array[1, 40].Sample(
            changes =>
            {
                var bytes = Encoding.UTF8.GetBytes(Sample);
                foreach (var (at, value) in changes)
                    bytes[at] = value;
                var maps = ProcMaps.Parse(bytes, Limits.Default, out _);
                for (var i = 0; i < maps.Count; i++)
                    if (maps[i].Low >= maps[i].High || (i > 0 && maps[i - 1].High > maps[i].Low))
                        return false;
                return true;
            },
            seed: "0000oXhFuOv4",
            iter: 20_000);

    [Fact]
    public void Our_own_maps_have_no_malformed_line()
    {
        _ = ProcMaps.Parse(File.ReadAllBytes("/proc/self/maps"), Limits.Default, out var malformed);
        Assert.Equal(0, malformed);
    }

    private static IReadOnlyList<Mapping> Parse(string text, out int malformed) =>
        ProcMaps.Parse(Encoding.UTF8.GetBytes(text), Limits.Default, out malformed);
}
