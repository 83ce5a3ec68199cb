using System.Diagnostics;
using System.Globalization;
using Hognose.Diagnostics;
using Xunit;

namespace Hognose.Testing.Fuzzing;

/// <summary>
/// Gives a reader one input after another. It may read it or refuse it in one clear line; anything else is a finding: another exception, seconds,
/// memory beyond measure. <c>HOGNOSE_FUZZ_INPUTS=1000000 ./test --filter-class '*FuzzTests'</c> is the long run, which says on stderr how far it is,
/// <c>HOGNOSE_FUZZ_SEED</c> another one.
/// </summary>
public static class FuzzRun
{
    /// <summary>A reader of small files; a machine under load stops a process for a second.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private const int InputsBetweenLines = 25_000;

    /// <param name="few">Inputs of a usual test run: a second or two of them.</param>
    /// <param name="mostBytes">That reading one may allocate.</param>
    /// <param name="make">An input, always the same for the same random numbers.</param>
    /// <param name="read">May throw <see cref="CannotContinueException"/> alone.</param>
    /// <param name="refuses">False: this reader knows less of a worse input, and refuses none.</param>
    public static void Give(int few, long mostBytes, Func<Random, byte[]> make, Action<byte[]> read, bool refuses = true)
    {
        var inputs = Number("HOGNOSE_FUZZ_INPUTS") ?? few;
        var seed = Number("HOGNOSE_FUZZ_SEED") ?? 1;
        var (whole, refused) = (0, 0);
        var (began, slowest, slowestName) = (Stopwatch.GetTimestamp(), TimeSpan.Zero, "");
        for (var i = 0; i < inputs; i++)
        {
            var input = make(new Random(unchecked((seed * 1_000_003) + i)));
            var name = $"input {i} of seed {seed}";
            var (start, allocated) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
            try
            {
                read(input);
                whole++;
            }
            catch (CannotContinueException refusal)
            {
                Assert.False(refusal.Message.Contains('\n', StringComparison.Ordinal), $"{name}: '{refusal.Message}' is no line");
                refused++;
            }
#pragma warning disable CA1031 // Any other exception is what is looked for.
            catch (Exception finding)
#pragma warning restore CA1031
            {
                Assert.Fail($"{name}: {finding}\n{Convert.ToBase64String(input)}");
            }
            var lasted = Stopwatch.GetElapsedTime(start);
            Assert.True(lasted < Longest, $"{name} took {lasted}: {Convert.ToBase64String(input)}");
            if (lasted > slowest)
                (slowest, slowestName) = (lasted, name);
            if ((i + 1) % InputsBetweenLines == 0)
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{TestContext.Current.TestMethod?.MethodName}: {i + 1:N0} of {inputs:N0} in {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s, {whole:N0} read; {slowestName} took {slowest.TotalMilliseconds:F1} ms"));
            var took = GC.GetAllocatedBytesForCurrentThread() - allocated;
            Assert.True(took <= mostBytes, $"{name} took {took} bytes of memory: {Convert.ToBase64String(input)}");
        }
        // Inputs that are all refused at once would test a checksum.
        Assert.True(!refuses || inputs < 1000 || (whole > inputs / 100 && refused > inputs / 100), $"{whole} were read, {refused} refused");
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
