using Hognose.Targets.Elf;
using Hognose.Targets.Memory;
using Hognose.Targets.Processes;

namespace Hognose.Targets.Tests.Elf;

public class LoadedImageTests
{
    private const MappingAccess Writable = MappingAccess.Read | MappingAccess.Write;

    /// <summary>A list that was copied for each of them took 160 GB.</summary>
    [Fact]
    public void A_file_with_a_great_many_mappings_behind_it_is_read_once()
    {
        const int count = 65_000;
        var start = GC.GetAllocatedBytesForCurrentThread();
        var image = Assert.Single(LoadedImage.Find([Of(0, 7, Writable), .. Enumerable.Range(1, count).Select(i => Of(i, 0, Writable))]));
        Assert.Equal(1 + count, image.Mappings.Count);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - start < 64 << 20);
    }

    [Fact]
    public void A_file_mapped_again_from_its_begin_is_another_image()
    {
        Mapping[] mappings = [Of(0, 7, MappingAccess.Read), Of(1, 7, Writable, 4096), Of(2, 0, Writable), Of(4, 7, MappingAccess.Read), Of(5, 7, Writable, 8192), Of(6, 7, Writable, 4096)];
        Assert.Equal([[0, 1, 2], [4, 5]], LoadedImage.Find(mappings).Select(image => image.Mappings.Select(each => (int)(each.Low.Value / 4096)).ToArray()));
    }

    private static Mapping Of(int page, ulong inode, MappingAccess access, ulong offset = 0) =>
        new(new TargetAddress((ulong)page * 4096), new TargetAddress((ulong)(page + 1) * 4096), access, offset, "00:01", inode, inode == 0 ? "" : "/a/library", IsDeleted: false);
}
