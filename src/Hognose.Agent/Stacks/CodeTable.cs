using System.Runtime.CompilerServices;

namespace Hognose.Agent.Stacks;

internal struct KnownCode
{
    /// <summary>0: free; 1: was retired, the probing goes on past it.</summary>
    public nint Code;
    public uint Id;
    public uint Reserved;
}

internal unsafe struct CodeTableData
{
    public KnownCode* Slots;
    public uint Mask;

    /// <summary>Slots that are not free, retired ones included.</summary>
    public uint Filled;
    public CodeAreaData Area;
}

/// <summary>
/// Code objects by address. An address means a code object only while that lives: the hook of the object domain sees every free, and a block
/// whose type says "code" retires its entry (ob_type is still in place when tp_free is reached). So nothing need be pinned. The caller holds the lock.
/// </summary>
internal static unsafe class CodeTable
{
    private const uint FirstSlots = 1024;
    private const nint RetiredCode = 1;

    public static bool Open(AgentData* agent)
    {
        agent->Codes.Slots = (KnownCode*)PrivateMemory.Pages(FirstSlots * (nuint)sizeof(KnownCode));
        agent->Codes.Mask = FirstSlots - 1;
        return agent->Codes.Slots != null;
    }

    public static uint IdOf(AgentData* agent, nint code)
    {
        var codes = &agent->Codes;
        var slot = Hash(code) & codes->Mask;
        for (; codes->Slots[slot].Code != 0; slot = (slot + 1) & codes->Mask)
            if (codes->Slots[slot].Code == code)
                return codes->Slots[slot].Id;
        return Add(agent, code);
    }

    /// <summary>The object at an address dies; no chain that was remembered may speak of it any more.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Retire(AgentData* agent, nint address)
    {
        var codes = &agent->Codes;
        var slot = Hash(address) & codes->Mask;
        for (; codes->Slots[slot].Code != 0; slot = (slot + 1) & codes->Mask)
        {
            if (codes->Slots[slot].Code != address)
                continue;
            codes->Slots[slot].Code = RetiredCode;
            if (++agent->CodeEpoch == 0)
                agent->CodeEpoch = 1;
            ThreadTable.ForgetLast(agent);
            NodeCache.Clear(agent);
            return;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(nint code) => (uint)((((ulong)code >> 4) * 0x9E3779B97F4A7C15) >> 32);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static uint Add(AgentData* agent, nint code)
    {
        var id = code == 0 ? 0 : CodeDescription.Describe(agent, code);
        var codes = &agent->Codes;
        if (codes->Filled > codes->Mask / 2 && !Rebuild(codes))
            return id;
        Put(codes->Slots, codes->Mask, code, id);
        codes->Filled++;
        return id;
    }

    private static void Put(KnownCode* slots, uint mask, nint code, uint id)
    {
        var slot = Hash(code) & mask;
        while (slots[slot].Code != 0)
            slot = (slot + 1) & mask;
        slots[slot].Code = code;
        slots[slot].Id = id;
    }

    /// <summary>Leaves out what is retired; twice the size only when the living need it.</summary>
    private static bool Rebuild(CodeTableData* codes)
    {
        uint living = 0;
        for (uint i = 0; i <= codes->Mask; i++)
            if ((nuint)codes->Slots[i].Code > (nuint)RetiredCode)
                living++;
        var slots = codes->Mask + 1;
        var size = living > slots / 4 ? slots * 2 : slots;
        var table = (KnownCode*)PrivateMemory.Pages(size * (nuint)sizeof(KnownCode));
        if (table == null)
            return false;
        for (uint i = 0; i < slots; i++)
            if ((nuint)codes->Slots[i].Code > (nuint)RetiredCode)
                Put(table, size - 1, codes->Slots[i].Code, codes->Slots[i].Id);
        PrivateMemory.GiveBack(codes->Slots, slots * (nuint)sizeof(KnownCode));
        codes->Slots = table;
        codes->Mask = size - 1;
        codes->Filled = living;
        return true;
    }
}
