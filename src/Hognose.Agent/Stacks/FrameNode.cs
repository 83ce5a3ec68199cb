using Hognose.Formats.Ring;

namespace Hognose.Agent.Stacks;

/// <summary>From one frame and its caller's node to its own node. The caller holds the lock.</summary>
internal static unsafe class FrameNode
{
    private const int BytesPerCodeUnit = 2;

    /// <summary>Fills <paramref name="entry"/> from the frame. A frame that Python does not show keeps its caller's node.</summary>
    public static uint Name(AgentData* agent, RememberedFrame* entry, nint frame, uint caller)
    {
        var layout = agent->Layout;
        var code = *(nint*)(frame + layout->FrameCode) & ~(nint)layout->FrameCodeTagMask;
        entry->Frame = frame;
        entry->Code = code;
        int instruction;
        if (layout->InstructionIsPointer != 0)
        {
            entry->Instruction = *(long*)(frame + layout->FrameInstruction);
            if (IsEntryFrame(layout, frame))
                return entry->Node = caller;
            instruction = (int)(entry->Instruction - (code + layout->CodeAdaptive));
            if (IsIncomplete(layout, frame, code, instruction))
                return entry->Node = caller;
        }
        else
        {
            instruction = *(int*)(frame + layout->FrameInstruction);
            entry->Instruction = instruction;
        }
        return entry->Node = StackTrie.Intern(agent, caller, CodeTable.IdOf(agent, code), instruction);
    }

    private static bool IsEntryFrame(AgentLayout* layout, nint frame) =>
        layout->FrameOwner >= 0 && *(byte*)(frame + layout->FrameOwner) >= layout->FirstSkippedOwner;

    private static bool IsIncomplete(AgentLayout* layout, nint frame, nint code, int instruction) =>
        layout->CodeFirstTraceable >= 0
        && *(byte*)(frame + layout->FrameOwner) != layout->GeneratorOwner
        && instruction < *(int*)(code + layout->CodeFirstTraceable) * BytesPerCodeUnit;
}
