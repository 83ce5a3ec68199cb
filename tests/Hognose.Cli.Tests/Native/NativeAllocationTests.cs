using Hognose.Testing;

namespace Hognose.Cli.Tests.Native;

/// <summary>What C code allocates, against glibc's own figures, those of an allocator that counts, and what native.c does.</summary>
public class NativeAllocationTests
{
    private const int Rounds = 1000;

    /// <summary>malloc, calloc, realloc, strdup, realloc of nothing.</summary>
    private const int KeptBytes = Rounds * (104 + 200 + 312 + 40 + 56);
    private const int KeptBlocks = Rounds * 5;

    /// <summary>Each round also: 24 bytes that a realloc moves, 1000 and 24 that are freed at once.</summary>
    private const int PassingBytes = Rounds * (24 + 1000 + 24);
    private const int PassingBlocks = Rounds * 3;
    private const int AlignedBytes = Rounds * (408 + 520 + 616);
    private const int AlignedBlocks = Rounds * 3;

    /// <summary>A failed realloc is no allocation; Move and MoveFailed leave the totals as they were.</summary>
    [Theory, ClassData(typeof(AllInterpreters))]
    public void C_code_allocates_what_glibc_says_under_the_line_that_called_it(string name)
    {
        using var folder = new TemporaryFolder();
        var native = NativeRecording.Of(Interpreters.Find(name), folder, preloaded: null);

        Assert.Equal(native.Said.GetProperty("heap").GetInt64(), native.Of("taking").EndBytes);
        Assert.Equal((KeptBytes, KeptBlocks), (native.Of("taking").EndBytes, native.Of("taking").EndBlocks));
        Assert.Equal((KeptBytes + PassingBytes, KeptBlocks + PassingBlocks), (native.Of("taking").TotalBytes, native.Of("taking").TotalBlocks));
        Assert.Equal((AlignedBytes, AlignedBlocks), (native.Of("aligned").EndBytes, native.Of("aligned").EndBlocks));
        // valloc's, freed at once.
        Assert.Equal(AlignedBytes + (Rounds * 5000), native.Of("aligned").TotalBytes);
        AssertTheRest(native);
    }

    [Theory, MemberData(nameof(Spread))]
    public void C_code_allocates_what_a_counting_allocator_counts(string name)
    {
        using var folder = new TemporaryFolder();
        var native = NativeRecording.Of(Interpreters.Find(name), folder, CompiledLibrary.Compile(folder, "shim.c"));

        var shim = native.Said.GetProperty("shim");
        Assert.Equal(shim[0].GetInt64(), native.Of("taking").TotalBlocks + native.Of("aligned").TotalBlocks);
        Assert.Equal(shim[1].GetInt64(), native.Of("taking").TotalBytes + native.Of("aligned").TotalBytes);
        AssertTheRest(native);
    }

    [Theory, InlineData("libjemalloc.so.2"), InlineData("libmimalloc.so.2")]
    public void An_allocator_of_the_programs_own_is_recorded_like_libcs(string allocator)
    {
        var library = Path.Combine("/usr/lib/x86_64-linux-gnu", allocator);
        Assert.SkipUnless(File.Exists(library), $"{allocator} is not installed (.ci/run installs it)");
        foreach (var python in Interpreters.Spread)
        {
            using var folder = new TemporaryFolder();
            var native = NativeRecording.Of(python, folder, library, "give");
            // How many blocks differs: what a realloc to no bytes answers does.
            Assert.Equal(KeptBytes + PassingBytes, native.Of("taking").TotalBytes);
            Assert.Equal((0, 0), (native.Of("taking").EndBytes, native.Of("aligned").EndBytes));
            AssertTheRest(native);
        }
    }

    [Fact]
    public void Arrays_of_numpy_appear_under_the_line_that_made_them()
    {
        var python = Interpreters.Find("3.11 static");
        Assert.SkipUnless(BuiltTool.Execute(python.Executable, ["-c", "import numpy"]).ExitCode == 0, "python3-numpy is not installed (.ci/run installs it)");
        using var folder = new TemporaryFolder();
        var native = NativeRecording.Of(python, folder, preloaded: null, "numpy");

        Assert.Equal((24_000_000, 1), (native.Of("array").EndBytes, native.Of("array").EndBlocks));
    }

    /// <summary>dlsym searches the scope of the library that calls it: a hook in between must not be taken for that.</summary>
    [Fact]
    public void A_library_finds_what_only_it_can_see()
    {
        using var folder = new TemporaryFolder();
        var inner = CompiledLibrary.Compile(folder, "inner.c");
        var outer = CompiledLibrary.Compile(folder, "native.c", "-Wl,--no-as-needed", inner, $"-Wl,-rpath,{folder.Path}");
        const string Program = """
            import ctypes, sys
            outer = ctypes.CDLL(sys.argv[1])
            outer.look_up.restype = outer.look_up_next.restype = outer.slot.restype = ctypes.c_void_p
            found = [bool(outer.look_up(b"known_to_outer_only")), bool(outer.look_up_next(b"known_to_outer_only")), bool(outer.look_up_next(b"take"))]
            print(found, ctypes.CDLL(None).strlen(b"12345"))
            """;
        var python = Interpreters.Any.Executable;
        var plain = BuiltTool.Execute(python, ["-c", Program, outer]);
        var recorded = BuiltTool.Run("run", "-q", "--native-allocations", "-o", folder.At("x.alloc"), "--python", python, "-c", Program, outer);

        Assert.Equal("[True, True, False] 5\n", plain.Output);
        Assert.Equal(plain, recorded);
    }

    public static TheoryData<string> Spread => new(["3.8", "3.11 static", "3.13", "3.15"]);

    private static void AssertTheRest(NativeRecording native)
    {
        var facts = native.Recording.Facts;
        Assert.Equal((0, 0, "", 0), (facts.LostEvents, facts.DuplicateAllocations, facts.StoppedBecause, facts.UnhookedSlots));
        Assert.Equal(facts.Allocations, native.Recording.Usage.Sum(usage => usage.TotalBlocks));
        // Five forked children take once each.
        Assert.Equal(Enumerable.Repeat((KeptBytes + PassingBytes, true), 5), native.Children.Select(child => ((int)child.Of("taking").TotalBytes, child.Recording.Facts.NativeAllocations)));
        // 5,000,000 without 8,192 in the middle and without the end of it, from 4,993,024 on; 3,000,000.
        Assert.Equal((7_984_832, 3), (native.Of("mapping").EndBytes, native.Of("mapping").EndBlocks));
        Assert.Equal(16_000_000, native.Of("mapping").TotalBytes);
        Assert.Equal((123_456, 1), (native.Of("by_pointer").EndBytes, native.Of("by_pointer").EndBlocks));
        Assert.Equal((54_321, 1), (native.Of("by_libc").EndBytes, native.Of("by_libc").EndBlocks));
        // 64 threads that Python does not know, 1,000 blocks each and one that it leaves behind.
        Assert.InRange(native.Of(null).TotalBlocks, 64 * 1001, 64 * 1001 + 5000);
        Assert.InRange(native.Of(null).EndBytes, 64 * 7768, (64 * 7768) + 1_000_000);
    }
}
