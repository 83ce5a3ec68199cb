using System.Runtime.CompilerServices;
using Hognose.Formats.Ring;

namespace Hognose.Agent.Stacks;

internal unsafe struct StackTrieData
{
    public StackNode* Nodes;
    public uint Count;
    public uint Capacity;

    /// <summary>Nodes up to here stand on pages that the kernel has promised.</summary>
    public uint Backed;

    /// <summary>Open addressing from a node's hash to its id, 0: free. It starts small and grows: a sparse table costs a TLB miss an event.</summary>
    public uint* Table;
    public uint TableMask;
}

/// <summary>The trie of stacks in shared memory, and the private table that finds a node again. The caller holds the lock.</summary>
internal static unsafe class StackTrie
{
    private const uint FirstTable = 4096;

    /// <summary>16 KiB of nodes are asked for at a time, so that a full memory cgroup is an error here and not a SIGBUS in the program.</summary>
    private const uint NodesPerStep = 1365;

    public static bool Open(AgentData* agent, RingHeader* ring)
    {
        var trie = &agent->Trie;
        trie->Nodes = (StackNode*)((byte*)ring + ring->NodeOffset);
        trie->Capacity = (uint)ring->NodeCapacity;
        trie->Count = 1;
        ring->NodeCount = 1;
        trie->Table = (uint*)PrivateMemory.Pages(FirstTable * sizeof(uint));
        trie->TableMask = FirstTable - 1;
        return trie->Table != null;
    }

    /// <summary>The node of a frame under its caller's node; when the trie is full or memory short, the caller's node, and the ring counts it.</summary>
    public static uint Intern(AgentData* agent, uint parent, uint code, int instruction)
    {
        var trie = &agent->Trie;
        var slot = Hash(parent, code, instruction) & trie->TableMask;
        for (uint id; (id = trie->Table[slot]) != 0; slot = (slot + 1) & trie->TableMask)
        {
            var node = trie->Nodes + id;
            if (node->Parent == parent && node->CodeId == code && node->Instruction == instruction)
                return id;
        }
        return Add(agent, parent, code, instruction);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(uint parent, uint code, int instruction) =>
        (uint)(((((ulong)parent << 32) | code) ^ ((ulong)(uint)instruction << 24)) * 0x9E3779B97F4A7C15 >> 32);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static uint Add(AgentData* agent, uint parent, uint code, int instruction)
    {
        var trie = &agent->Trie;
        var id = trie->Count;
        if (id >= trie->Capacity || (id >= trie->Backed && !Back(trie)) || (id > trie->TableMask / 2 && !Grow(trie)))
        {
            agent->Ring->TruncatedStacks++;
            return parent;
        }
        var node = trie->Nodes + id;
        node->Parent = parent;
        node->CodeId = code;
        node->Instruction = instruction;
        Put(trie, trie->Table, trie->TableMask, id);
        trie->Count = id + 1;
        Volatile.Write(ref agent->Ring->NodeCount, id + 1);
        return id;
    }

    private static void Put(StackTrieData* trie, uint* table, uint mask, uint id)
    {
        var node = trie->Nodes + id;
        var slot = Hash(node->Parent, node->CodeId, node->Instruction) & mask;
        while (table[slot] != 0)
            slot = (slot + 1) & mask;
        table[slot] = id;
    }

    private static bool Back(StackTrieData* trie)
    {
        var to = trie->Backed + NodesPerStep;
        if (!SharedPages.Back(trie->Nodes + trie->Backed, trie->Nodes + to))
            return false;
        trie->Backed = to;
        return true;
    }

    private static bool Grow(StackTrieData* trie)
    {
        var slots = (trie->TableMask + 1) * 2;
        var table = (uint*)PrivateMemory.Pages((nuint)slots * sizeof(uint));
        if (table == null)
            return false;
        for (uint id = 1; id < trie->Count; id++)
            Put(trie, table, slots - 1, id);
        PrivateMemory.GiveBack(trie->Table, ((nuint)trie->TableMask + 1) * sizeof(uint));
        trie->Table = table;
        trie->TableMask = slots - 1;
        return true;
    }
}
