using System.Text;
using Hognose.Targets.Copying;
using Hognose.Targets.Memory;
using Hognose.Targets.Processes;
using Hognose.Targets.Tests.Programs;

namespace Hognose.Targets.Tests.Copying;

public sealed class MemoryCopierTests(ITestOutputHelper output)
{
    private static readonly CopyOptions Options = new();

    [Fact]
    public void A_copy_holds_the_bytes_that_the_target_says_it_has()
    {
        using var program = LiveProgram.StartPython("""
            import ctypes
            text = ctypes.create_string_buffer(b"hognose was here")
            print("ready", flush=True); print(ctypes.addressof(text), flush=True); wait()
            """);
        var address = new TargetAddress(ulong.Parse(program.Output.ReadLine()!, System.Globalization.CultureInfo.InvariantCulture));
        using var copy = MemoryCopier.Copy(TargetProcess.Open(program.Id), Options, TestContext.Current.CancellationToken);

        var bytes = new byte[16];
        Assert.True(copy.Memory.TryRead(address, bytes));
        Assert.Equal("hognose was here", Encoding.ASCII.GetString(bytes));
        Assert.True(copy.Regions.TryFind(address, out var region));
        Assert.True(region.IsCopied);
        Assert.Equal(1, copy.Stops);
        Assert.Empty(copy.Memory.Missing);
    }

    [Fact]
    public void A_large_copy_is_quick()
    {
        using var program = LiveProgram.StartPython("""
            held = [str(i) * 3 for i in range(8_000_000)]
            ready(); wait()
            """);
        for (var i = 0; i < 3; i++)
        {
            var start = System.Diagnostics.Stopwatch.GetTimestamp();
            using var copy = MemoryCopier.Copy(TargetProcess.Open(program.Id), Options, TestContext.Current.CancellationToken);
            output.WriteLine($"{copy.CopiedBytes >> 20} MB, stopped {copy.Pause.TotalMilliseconds:0.0} ms, in all {System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMilliseconds:0.0} ms, {copy.Threads} threads, missing {copy.Memory.Missing.Count}");
        }
    }
}
