using System.Text;
using Hognose.Diagnostics;
using Hognose.Targets.Resident;

namespace Hognose.Targets.Tests.Processes;

public class SmapsTextTests
{
    private const string Text = """
        7f00000000-7f00003000 rw-p 00000000 00:00 0                              [heap]
        Size:                 12 kB
        Rss:                   8 kB
        Pss:                   5 kB
        Shared_Clean:          0 kB
        Shared_Dirty:          4 kB
        Private_Clean:         0 kB
        Private_Dirty:         4 kB
        Anonymous:             8 kB
        Swap:                  4 kB
        VmFlags: rd wr mr mw me ac
        7f00010000-7f00012000 r--p 00001000 fe:00 4711                           /srv/a: b-c lib.so
        Rss:                   4 kB
        SomethingNew:          9 kB

        """;

    [Fact]
    public void Every_mapping_has_its_figures()
    {
        var entries = SmapsText.Parse(Encoding.UTF8.GetBytes(Text), Limits.Default);
        Assert.Equal(2, entries.Count);
        var heap = entries[0];
        Assert.Equal(
            (0x7f00000000UL, 0x7f00003000UL, "[heap]", 8192, 5120, 4096, 4096, 8192, 4096),
            (heap.Low.Value, heap.High.Value, heap.Path, heap.Resident, heap.Proportional, heap.Shared, heap.Private, heap.Anonymous, heap.Swapped));
        Assert.Equal(("/srv/a: b-c lib.so", 4096), (entries[1].Path, entries[1].Resident));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Rss: 8 kB\n")]
    [InlineData("7f00000000-7f00003000 rw-p\nRss: 8 kB\n")]
    [InlineData("\0\0\0:\n-:\n")]
    public void What_is_no_smaps_has_no_mapping(string text) => Assert.Empty(SmapsText.Parse(Encoding.UTF8.GetBytes(text), Limits.Default));

    [Fact]
    public void A_figure_that_is_none_counts_as_zero() =>
        Assert.Equal(0, Assert.Single(SmapsText.Parse("10000-20000 rw-p 00000000 00:00 0 \nRss: 99999999999999999999 kB\n"u8, Limits.Default)).Resident);

    [Fact]
    public void Our_own_account_is_what_the_kernel_sums_up()
    {
        var entries = SmapsText.Parse(File.ReadAllBytes("/proc/self/smaps"), Limits.Default);
        Assert.Contains(entries, entry => entry.Path == "[stack]" && entry.Resident > 0);
        Assert.All(entries, entry => Assert.True(entry.Resident == entry.Shared + entry.Private, entry.ToString()));
    }
}
