using System.Runtime.CompilerServices;

namespace Hognose.Extension.Profile;

/// <summary>
/// A thread's stack of profiled calls. What happens counts for the current line of each of them, but once for a line that several of them are
/// on: a recursive call counts for the line that began it.
/// </summary>
internal static unsafe class RunningCalls
{
    /// <summary>Null: no memory left, and the call goes on uncounted.</summary>
    public static RunningCall* Push(ProfilerData* data, ThreadProfile* thread, ProfiledCode* code, int line)
    {
        if (!ThreadProfile.MakeRoom(thread, data->Codes.Slots))
            return null;
        var call = thread->Calls + thread->Depth++;
        call->Code = code;
        call->Line = null;
        call->Frame = 0;
        call->IsOpen = call->IsResumed = false;
        call->HeldAtStart = call->Highest = thread->Held;
        ResidentSize.ReadWhenDue(data, code->Calls <= 1);
        Begin(data, thread, call, line);
        return call;
    }

    public static void Pop(ProfilerData* data, ThreadProfile* thread)
    {
        var call = thread->Calls + thread->Depth - 1;
        ReadResidentAfter(data, call);
        End(data, thread, call);
        var code = call->Code;
        if (call->Highest - call->HeldAtStart > code->Peak)
            code->Peak = call->Highest - call->HeldAtStart;
        thread->Depth--;
        MeasuredCalls.Popped(thread);
    }

    /// <summary>The call goes on to a line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void GoTo(ProfilerData* data, ThreadProfile* thread, RunningCall* call, int line)
    {
        ReadResidentAfter(data, call);
        End(data, thread, call);
        Begin(data, thread, call, line);
        if (call->Line != null)
            call->Line->Occurrences++;
        MeasuredCalls.CameToLine(thread, call);
    }

    /// <summary>The innermost call of that code; those above it have ended without our being told. Null: there is none.</summary>
    public static RunningCall* Uncover(ProfilerData* data, ThreadProfile* thread, ProfiledCode* code)
    {
        var depth = thread->Depth;
        while (depth > 0 && thread->Calls[depth - 1].Code != code)
            depth--;
        if (depth == 0)
            return null;
        while (thread->Depth > depth)
        {
            var isOpen = thread->Calls[thread->Depth - 1].IsOpen;
            Pop(data, thread);
            if (isOpen)
                OpenCalls.End(data);
        }
        return thread->Calls + depth - 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ReadResidentAfter(ProfilerData* data, RunningCall* call) =>
        ResidentSize.ReadWhenDue(data, call->Line != null && call->Line->Occurrences == 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Begin(ProfilerData* data, ThreadProfile* thread, RunningCall* call, int number)
    {
        var code = call->Code;
        var index = (uint)(number - code->FirstLine);
        call->Line = index < (uint)code->LineCount ? code->Lines + index : null;
        if (call->Line != null)
        {
            var innermost = thread->InnermostOn + code->FirstSlot + index;
            call->OuterOnLine = *innermost;
            *innermost = (int)(call - thread->Calls) + 1;
        }
        call->Allocated = thread->Allocated;
        call->Freed = thread->Freed;
        call->OlderFrees = thread->OlderFrees;
        call->Held = thread->Held;
        call->Resident = data->Resident.Bytes;
        call->OuterHighest = thread->Highest;
        thread->Highest = thread->Held;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void End(ProfilerData* data, ThreadProfile* thread, RunningCall* call)
    {
        var line = call->Line;
        var highest = thread->Highest;
        if (line != null)
        {
            thread->InnermostOn[call->Code->FirstSlot + (int)(line - call->Code->Lines)] = call->OuterOnLine;
            Count(thread, call, line, data->Resident.Bytes, call->OuterOnLine == 0);
            MeasuredCalls.LineEnded(thread, call, data->Resident.Bytes);
        }
        if (highest > call->Highest)
            call->Highest = highest;
        thread->Highest = highest > call->OuterHighest ? highest : call->OuterHighest;
    }

    /// <summary>What the call's line did goes into a counter: what adds up only where the line is outermost, the largest values always.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Count(ThreadProfile* thread, RunningCall* call, LineCounter* line, long resident, bool isOutermost)
    {
        if (isOutermost)
        {
            line->Allocated += thread->Allocated - call->Allocated;
            line->Freed += thread->Freed - call->Freed;
            line->OlderFrees += thread->OlderFrees - call->OlderFrees;
            line->ResidentGrowth += resident - call->Resident;
            if (thread->Highest - call->Held > line->Peak)
                line->Peak = thread->Highest - call->Held;
        }
        var held = thread->Held - call->HeldAtStart;
        if (held > line->LargestHeld || line->Occurrences <= 1)
            line->LargestHeld = held;
        line->Resident = resident;
        if (resident > line->LargestResident)
            line->LargestResident = resident;
    }
}
