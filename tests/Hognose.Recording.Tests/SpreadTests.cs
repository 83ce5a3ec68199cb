using CsCheck;
using Hognose.Formats.Alloc;
using Hognose.Formats.Ring;
using Hognose.Recording.Replay;

namespace Hognose.Recording.Tests;

/// <summary>Stacks in parts, by a trait of their blocks: the parts are those of the same window, told without.</summary>
public class SpreadTests
{
    private const string Seed = "0N0XIzNsQ0O2";
    private const ulong Page = 4096;

    [Theory]
    [InlineData(BlockTrait.Thread)]
    [InlineData(BlockTrait.Size)]
    [InlineData(BlockTrait.Allocator)]
    [InlineData(BlockTrait.Time)]
    public void Parts_add_up_to_their_stacks_in_every_view(BlockTrait trait) => ReplayModelTests.AnyCase.Sample(
        one =>
        {
            if (one.Until < one.Since)
                return;
            var query = ReplayModelTests.QueryOf(one);
            var whole = Read(one.Moments, query);
            var apart = Read(one.Moments, query with { Spread = new SpreadQuery(trait, Slice: 7_000_000) });

            Assert.Equal(whole.Usage, apart.Usage);
            Assert.Equal((whole.Facts.PeakBytes, whole.Facts.EndBytes, whole.Facts.Frees, whole.Facts.NeverFreedBytes), (apart.Facts.PeakBytes, apart.Facts.EndBytes, apart.Facts.Frees, apart.Facts.NeverFreedBytes));
            for (var stack = 0; stack < whole.Usage.Length; stack++)
                Assert.Equal(whole.Usage[stack], apart.Spread!.Parts.Where(part => part.Stack == stack).Aggregate(default(StackUsage), (sum, part) => sum.Plus(part.Usage)));
            Assert.Equal(whole.Facts.NeverFreedBytes, apart.Spread!.Parts.Sum(part => part.NeverFreedBytes));
        },
        iter: 200,
        seed: Seed);

    [Fact]
    public void What_a_thread_holds_is_what_it_holds_alone() => ReplayModelTests.AnyCase.Sample(
        one =>
        {
            if (one.Until < one.Since)
                return;
            var query = ReplayModelTests.QueryOf(one) with { Threads = null };
            var apart = Read(one.Moments, query with { Spread = new SpreadQuery(BlockTrait.Thread) }).Spread!.Parts;
            for (var thread = 0; thread < 3; thread++)
            {
                var alone = Read(one.Moments, query with { Threads = new HashSet<int> { thread } });
                var sum = apart.Where(part => part.Key == thread).Aggregate(default(StackUsage), (all, part) => all.Plus(part.Usage));
                Assert.Equal(
                    (alone.Facts.EndBytes, alone.Facts.EndBlocks, alone.Facts.AllocatedBytes, alone.Facts.Allocations, alone.Facts.TemporaryAllocations),
                    (sum.EndBytes, sum.EndBlocks, sum.TotalBytes, sum.TotalBlocks, sum.TemporaryBlocks));
            }
        },
        iter: 200,
        seed: Seed);

    [Fact]
    public void What_is_left_of_a_mapping_has_its_own_size()
    {
        var parts = Read([[Map(EventKind.Map, 1, 8), Map(EventKind.Unmap, 2, 1)], [Map(EventKind.Unmap, 1, 1)]], new ReplayQuery { Spread = new SpreadQuery(BlockTrait.Size) }).Spread!.Parts;

        // Eight pages, of which the second goes, then the first: six are left.
        Assert.Equal(
            [(12, 0L, 0L, 0L), (14, 6 * 4096, 1, 0), (15, 0, 0, 8 * 4096)],
            parts.OrderBy(part => part.Key).Select(part => (part.Key, part.Usage.EndBytes, part.Usage.EndBlocks, part.Usage.TotalBytes)));
    }

    private static RecordingSummary Read(AllocationEvent[][] moments, ReplayQuery query) =>
        EventReplay.Read(new MemoryStream(ReplayModelTests.FileOf(moments, isWhole: true)), "it", query, static _ => { });

    private static AllocationEvent Map(EventKind kind, ulong page, ulong pages) => new()
    {
        Word0 = AllocationEvent.PackWord0(page * Page, kind, AllocatorDomain.Mapping),
        Word1 = AllocationEvent.PackWord1(pages * Page, 1),
        Word2 = 0,
    };
}
