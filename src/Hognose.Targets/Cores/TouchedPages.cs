using Hognose.Targets.Copying;
using Hognose.Targets.Memory;

namespace Hognose.Targets.Cores;

/// <summary>
/// gcore writes memory that was never touched as zeros (a thread's stack, what malloc reserves for an arena), where the kernel leaves a hole. A page of
/// zeros counts as never touched: a program seldom keeps one that it has written.
/// </summary>
internal static unsafe class TouchedPages
{
    private const ulong PageSize = 4096;

    /// <param name="memory">The mirror.</param>
    /// <param name="runs">Ascending, without overlaps, of one mapping.</param>
    public static List<PageRun> Of(FrozenMemory memory, IEnumerable<PageRun> runs)
    {
        var touched = new List<PageRun>();
        foreach (var run in runs)
            for (var page = run.Low; page < run.High; page += PageSize)
            {
                var length = Math.Min(PageSize, run.High - page);
                var bytes = memory.Translate(page, length);
                if (bytes != null && !new ReadOnlySpan<byte>(bytes, (int)length).ContainsAnyExcept((byte)0))
                    continue;
                if (touched.Count > 0 && touched[^1].High == page)
                    touched[^1] = new PageRun(touched[^1].Low, page + length);
                else
                    touched.Add(new PageRun(page, page + length));
            }
        return touched;
    }
}
