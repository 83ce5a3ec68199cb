namespace Hognose.CPython.Walk;

/// <summary>Where a thread's chain of frame structs begins (3.11+).</summary>
internal static class RunningFrames
{
    public static ulong Innermost(WalkContext context, ulong thread)
    {
        var layout = context.Layout;
        if (layout.PyThreadState.current_frame >= 0)
            return context.Memory.U64(thread + (ulong)layout.PyThreadState.current_frame);
        var cframe = context.Memory.U64(thread + (ulong)layout.PyThreadState.cframe);
        return context.Memory.U64(cframe + (ulong)layout.CFrame.current_frame);
    }
}
