using System.Runtime.CompilerServices;

namespace Hognose.Agent.Unwinding;

/// <summary>Rules by return address, each worked out once: finding one again costs a cache line. The caller holds the lock.</summary>
internal static unsafe class RuleTable
{
    private const uint FirstSlots = 4096;

    /// <summary>32 MiB. Who runs more places than half of these has code made while it runs.</summary>
    private const uint MostSlots = 1 << 20;

    public static bool Open(UnwindData* unwind)
    {
        unwind->Rules = (UnwindRule*)PrivateMemory.Pages(FirstSlots * (nuint)sizeof(UnwindRule));
        unwind->RuleMask = FirstSlots - 1;
        unwind->RuleCount = 0;
        return unwind->Rules != null;
    }

    public static void Close(UnwindData* unwind)
    {
        if (unwind->Rules != null)
            PrivateMemory.GiveBack(unwind->Rules, ((nuint)unwind->RuleMask + 1) * (nuint)sizeof(UnwindRule));
        unwind->Rules = null;
    }

    /// <summary>Holds until the next call; null when there is no room for another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UnwindRule* Find(AgentData* agent, nuint pc)
    {
        var unwind = &agent->Unwind;
        var slot = Hash(pc) & unwind->RuleMask;
        for (; unwind->Rules[slot].Pc != 0; slot = (slot + 1) & unwind->RuleMask)
            if (unwind->Rules[slot].Pc == pc)
                return unwind->Rules + slot;
        return Add(agent, pc);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(nuint pc) => (uint)(((ulong)pc * 0x9E3779B97F4A7C15) >> 32);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static UnwindRule* Add(AgentData* agent, nuint pc)
    {
        var unwind = &agent->Unwind;
        if (unwind->RuleCount > unwind->RuleMask / 2 && !Grow(unwind))
            return null;
        UnwindRule rule;
        rule.Pc = pc;
        rule.Kind = UnwindRule.Unknown;
        rule.CfaOffset = rule.RbpOffset = rule.Place = 0;
        rule.Module = rule.Reserved = 0;
        rule.IsFromRbp = rule.IsOwn = rule.LosesRbp = 0;
        var errno = Libc.__errno_location();
        var kept = *errno;
        WorkOut(agent, pc, &rule);
        *errno = kept;
        unwind->RuleCount++;
        return Put(unwind->Rules, unwind->RuleMask, &rule);
    }

    private static void WorkOut(AgentData* agent, nuint pc, UnwindRule* rule)
    {
        if (!OwnMemory.Open(agent))
            return;
        var module = Modules.Find(agent, pc - 1);
        if (module != null)
        {
            rule->Module = module->Id;
            rule->IsOwn = module->IsOwn;
            rule->Place = (int)(pc - module->Bias);
            if (!FrameTable.TryRead(agent, module, pc - 1, rule))
                rule->Kind = UnwindRule.Unknown;
        }
        OwnMemory.Close(agent);
    }

    private static UnwindRule* Put(UnwindRule* rules, uint mask, UnwindRule* rule)
    {
        var slot = Hash(rule->Pc) & mask;
        while (rules[slot].Pc != 0)
            slot = (slot + 1) & mask;
        rules[slot] = *rule;
        return rules + slot;
    }

    private static bool Grow(UnwindData* unwind)
    {
        var slots = (unwind->RuleMask + 1) * 2;
        var grown = slots > MostSlots ? null : (UnwindRule*)PrivateMemory.Pages(slots * (nuint)sizeof(UnwindRule));
        if (grown == null)
            return false;
        for (uint i = 0; i <= unwind->RuleMask; i++)
            if (unwind->Rules[i].Pc != 0)
                Put(grown, slots - 1, unwind->Rules + i);
        Close(unwind);
        unwind->Rules = grown;
        unwind->RuleMask = slots - 1;
        return true;
    }
}
