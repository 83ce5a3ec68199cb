using System.Runtime.CompilerServices;
using Hognose.Formats.Ring;

namespace Hognose.Agent.Stacks;

/// <summary>From one frame and its caller's node to its own node. The caller holds the lock.</summary>
internal static unsafe class FrameNode
{
    private const int BytesPerCodeUnit = 2;

    /// <summary>Fills <paramref name="entry"/> from the frame. A frame that Python does not show keeps its caller's node.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Name(AgentData* agent, RememberedFrame* entry, nint frame, uint caller)
    {
        var layout = agent->Layout;
        var code = *(nint*)(frame + layout->FrameCode) & ~(nint)layout->FrameCodeTagMask;
        var instruction = layout->InstructionIsPointer != 0 ? *(long*)(frame + layout->FrameInstruction) : *(int*)(frame + layout->FrameInstruction);
        entry->Frame = frame;
        entry->Code = code;
        entry->Instruction = instruction;
        var cached = NodeCache.Place(agent, code, instruction, caller);
        if (((cached->Instruction ^ instruction) | (cached->Code ^ code) | (cached->Caller ^ (long)caller)) == 0)
            return entry->Node = cached->Node;
        return entry->Node = Find(agent, cached, entry, caller);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static uint Find(AgentData* agent, CachedNode* cached, RememberedFrame* entry, uint caller)
    {
        var layout = agent->Layout;
        var code = entry->Code;
        var instruction = (int)entry->Instruction;
        if (layout->InstructionIsPointer != 0)
        {
            if (IsEntryFrame(layout, entry->Frame))
                return agent->Unwind.IsOn != 0 ? Entry(agent, caller) : caller;
            if (agent->Unwind.IsOn != 0 && IsMarkedEntry(layout, entry->Frame))
                caller = Entry(agent, caller);
            instruction = (int)(entry->Instruction - (code + layout->CodeAdaptive));
            if (IsBeforeFirstTraceable(layout, code, instruction))
                return IsGenerators(layout, entry->Frame) ? StackTrie.Intern(agent, caller, CodeTable.IdOf(agent, code), instruction) : caller;
        }
        var node = StackTrie.Intern(agent, caller, CodeTable.IdOf(agent, code), instruction);
        // A full trie answers with the caller, and counts each time.
        if (node != caller && !(agent->Unwind.IsOn != 0 && layout->FrameIsEntry >= 0))
            *cached = new CachedNode { Code = code, Instruction = entry->Instruction, Caller = caller, Node = node };
        return node;
    }

    private static bool IsEntryFrame(AgentLayout* layout, nint frame) =>
        layout->FrameOwner >= 0 && *(byte*)(frame + layout->FrameOwner) >= layout->FirstSkippedOwner;

    /// <summary>
    /// Between its caller and the outermost frame that a call of the evaluation loop runs: so the tool can tell which frames that call stands for. Where
    /// the frame itself says it (3.11), the same frame may come with and without, so its node is not cached.
    /// </summary>
    private static uint Entry(AgentData* agent, uint caller) => StackTrie.Intern(agent, caller, StackNode.EvaluationEntry, 0);

    private static bool IsMarkedEntry(AgentLayout* layout, nint frame) => layout->FrameIsEntry >= 0 && *(byte*)(frame + layout->FrameIsEntry) != 0;

    private static bool IsBeforeFirstTraceable(AgentLayout* layout, nint code, int instruction) =>
        layout->CodeFirstTraceable >= 0 && instruction < *(int*)(code + layout->CodeFirstTraceable) * BytesPerCodeUnit;

    private static bool IsGenerators(AgentLayout* layout, nint frame) => *(byte*)(frame + layout->FrameOwner) == layout->GeneratorOwner;
}
