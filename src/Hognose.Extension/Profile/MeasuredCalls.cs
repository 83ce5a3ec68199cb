using System.Runtime.CompilerServices;

namespace Hognose.Extension.Profile;

/// <summary>What a thread's innermost call does, told to the measurements that are under way there. There are none but while a drop-in's profiler is on.</summary>
internal static unsafe class MeasuredCalls
{
    /// <summary>The innermost call has begun.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Began(ThreadProfile* thread, RunningCall* call, long resident)
    {
        if (thread->Measurements != null)
            TellBegan(thread, call, resident);
    }

    /// <summary>It has come to a line, or to the begin of the one that it is on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CameToLine(ThreadProfile* thread, RunningCall* call)
    {
        if (thread->Measurements != null && call->Line != null)
            TellLine(thread, call);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LineEnded(ThreadProfile* thread, RunningCall* call, long resident)
    {
        if (thread->Measurements != null)
            TellEnded(thread, call, resident);
    }

    /// <summary>A call has left the stack: what takes its place is called later than any measurement that is under way began.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Popped(ThreadProfile* thread)
    {
        for (var measurement = thread->Measurements; measurement != null; measurement = measurement->Older)
            if (measurement->Depth > thread->Depth)
                measurement->Depth = thread->Depth;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void TellBegan(ThreadProfile* thread, RunningCall* call, long resident)
    {
        for (var measurement = thread->Measurements; measurement != null; measurement = measurement->Older)
        {
            var measured = Measured(measurement, thread, call);
            if (measured == null)
                continue;
            if (measured->Calls++ == 0)
                measured->FirstResidentBefore = resident;
            if (resident > measured->LargestResidentBefore)
                measured->LargestResidentBefore = resident;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void TellLine(ThreadProfile* thread, RunningCall* call)
    {
        for (var measurement = thread->Measurements; measurement != null; measurement = measurement->Older)
        {
            var measured = Measured(measurement, thread, call);
            if (measured != null)
                measured->Lines[call->Line - call->Code->Lines].Occurrences++;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void TellEnded(ThreadProfile* thread, RunningCall* call, long resident)
    {
        for (var measurement = thread->Measurements; measurement != null; measurement = measurement->Older)
        {
            var measured = Measured(measurement, thread, call);
            if (measured != null)
                RunningCalls.Count(thread, call, measured->Lines + (call->Line - call->Code->Lines), resident, call->OuterOnLine <= measurement->Depth);
        }
    }

    /// <summary>Null: the measurement does not want that call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static MeasuredCode* Measured(Measurement* measurement, ThreadProfile* thread, RunningCall* call) =>
        call - thread->Calls < measurement->Depth ? null : Measurement.Find(measurement, call->Code);
}
