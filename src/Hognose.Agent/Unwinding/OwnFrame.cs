using System.Runtime.CompilerServices;

namespace Hognose.Agent.Unwinding;

/// <summary>
/// Where a walk begins. C# has no way to read rsp and rbp, but in one function's frame they are always as far from one of its locals: how far
/// <c>getcontext</c> says once, and from there on only that local's address is needed, no call and no machine code of our own.
/// </summary>
internal static unsafe class OwnFrame
{
    /// <summary><c>gregs[REG_RBP]</c>, <c>[REG_RSP]</c> and <c>[REG_RIP]</c> in <c>ucontext_t</c> (sys/ucontext.h).</summary>
    private const int ContextRbp = 120;
    private const int ContextRsp = 160;
    private const int ContextRip = 168;

    /// <summary>"push rbp" is what every function of ours that calls anything begins with.</summary>
    private const int RbpBelowCfa = 16;

    /// <summary>False: this libc has no getcontext, or our own unwind table is not understood.</summary>
    public static bool TryMeasure(AgentData* agent)
    {
        var getContext = (delegate* unmanaged[SuppressGCTransition]<byte*, int>)Hooks.PythonApi.Find("getcontext"u8);
        agent->Unwind.OwnFrameOffset = 0;
        if (getContext == null)
            return false;
        WalkedFrame ignored;
        Look(agent, &ignored, getContext);
        return agent->Unwind.OwnFrameOffset != 0;
    }

    /// <summary>The frame of the function that calls this.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Look(AgentData* agent, WalkedFrame* caller, delegate* unmanaged[SuppressGCTransition]<byte*, int> getContext)
    {
        byte local;
        if (getContext != null)
        {
            getContext(agent->Unwind.Scratch->Context);
            Measure(agent, &local);
            return;
        }
        var cfa = (nuint)(&local + agent->Unwind.OwnFrameOffset);
        caller->Sp = cfa;
        caller->Pc = *(nuint*)(cfa - 8);
        caller->RbpSlot = cfa - RbpBelowCfa;
        caller->Rbp = *(nuint*)caller->RbpSlot;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Measure(AgentData* agent, byte* local)
    {
        var context = agent->Unwind.Scratch->Context;
        var rule = RuleTable.Find(agent, *(nuint*)(context + ContextRip));
        if (rule == null || rule->Kind != UnwindRule.Frame || rule->IsOwn == 0 || rule->RbpOffset != -RbpBelowCfa)
            return;
        var register = *(nuint*)(context + (rule->IsFromRbp != 0 ? ContextRbp : ContextRsp));
        agent->Unwind.OwnFrameOffset = (nint)(register + (nuint)rule->CfaOffset) - (nint)local;
    }
}
