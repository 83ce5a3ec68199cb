using System.Globalization;
using System.Text;
using Hognose.Targets.Copying;
using Hognose.Targets.Memory;
using Hognose.Targets.Processes;
using Hognose.Testing;

namespace Hognose.Targets.Tests.Copying;

public sealed class MemoryCopierTests(ITestOutputHelper output)
{
    private static readonly CopyOptions Options = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_copy_holds_the_bytes_that_the_target_says_it_has()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, """
            import ctypes, sys
            text = ctypes.create_string_buffer(b"hognose was here")
            print(ctypes.addressof(text)); print("ready", flush=True); sys.stdin.readline()
            """);
        var address = new TargetAddress(ulong.Parse(program.Truth, CultureInfo.InvariantCulture));
        using var copy = MemoryCopier.Copy(TargetProcess.Open(program.Pid), Options, Cancellation);

        var bytes = new byte[16];
        Assert.True(copy.Memory.TryRead(address, bytes));
        Assert.Equal("hognose was here", Encoding.ASCII.GetString(bytes));
        Assert.True(copy.Regions.TryFind(address, out var region));
        Assert.True(region.IsCopied);
        Assert.Equal(1, copy.Stops);
        Assert.Empty(copy.Memory.Missing);
    }

    [Fact]
    public void A_process_stands_still_for_at_most_four_tenths_of_a_second_a_gigabyte()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, """
            import sys
            held = [str(i) * 3 for i in range(4_000_000)]
            print("ready", flush=True); sys.stdin.readline()
            """);
        var process = TargetProcess.Open(program.Pid);
        var secondsPerGigabyte = Enumerable.Range(0, 5).Select(_ => SecondsPerGigabyte(process)).Order().ToList();

        // The median: other tests and builds share the processors.
        Assert.True(secondsPerGigabyte[2] <= 0.4, $"stopped {secondsPerGigabyte[2]:0.000} s a GB");
    }

    private double SecondsPerGigabyte(TargetProcess process)
    {
        using var copy = MemoryCopier.Copy(process, Options, Cancellation);
        output.WriteLine($"{copy.CopiedBytes >> 20} MB, stopped for {copy.Pause.TotalMilliseconds:0.0} ms");
        return copy.Pause.TotalSeconds / (copy.CopiedBytes / 1e9);
    }
}
