namespace Hognose.Agent.Unwinding;

/// <summary>
/// Finds a place's description in a module's <c>.eh_frame</c> by the table of <c>.eh_frame_hdr</c> (Linux Standard Base, 10.6), and from it the rule.
/// </summary>
internal static unsafe class FrameTable
{
    private const byte Unsigned4 = 0x03;
    private const byte Signed4FromTable = 0x3B;
    private const byte RelativeToPlace = 0x10;
    private const int EntryBytes = 8;

    /// <param name="agent">Has opened <see cref="OwnMemory"/>.</param>
    /// <param name="module">Holds the place.</param>
    /// <param name="pc">A return address less 1: of a call that never returns, the next instruction is another function's.</param>
    /// <param name="rule">Gets all but pc, module and place.</param>
    public static bool TryRead(AgentData* agent, LoadedModule* module, nuint pc, UnwindRule* rule)
    {
        if (!TryFind(agent, module, pc, out var description))
            return false;
        var scratch = agent->Unwind.Scratch;
        if (!TryEntry(agent, description, scratch->Description, UnwindScratch.LongestDescription, out var end))
            return false;
        var toCommon = *(uint*)(scratch->Description + 4);
        var common = description + 4 - toCommon;
        if (toCommon == 0 || !TryEntry(agent, common, scratch->Common, UnwindScratch.LongestCommon, out var commonEnd) || *(uint*)(scratch->Common + 4) != 0)
            return false;
        CommonEntry head;
        return CommonEntry.TryParse(scratch->Common + 8, commonEnd, &head) && TryRun(agent, description, end, &head, pc, rule);
    }

    private static bool TryFind(AgentData* agent, LoadedModule* module, nuint pc, out nuint description)
    {
        description = 0;
        ulong head;
        uint count;
        var table = module->FrameTable;
        if (table == 0 || !OwnMemory.Read(agent, table, &head, sizeof(ulong)) || (byte)head != 1 || (byte)(head >> 16) != Unsigned4 || (byte)(head >> 24) != Signed4FromTable)
            return false;
        var countAt = table + 4 + PointerBytes((byte)(head >> 8));
        if (!OwnMemory.Read(agent, countAt, &count, sizeof(uint)) || count == 0 || ((nuint)count * EntryBytes) > module->FrameTableBytes)
            return false;
        nuint low = 0;
        nuint high = count;
        var wanted = (long)(pc - table);
        while (high - low > 1)
        {
            var middle = (low + high) >> 1;
            int start;
            if (!OwnMemory.Read(agent, countAt + 4 + (middle * EntryBytes), &start, sizeof(int)))
                return false;
            if (start <= wanted)
                low = middle;
            else
                high = middle;
        }
        int place;
        if (!OwnMemory.Read(agent, countAt + 8 + (low * EntryBytes), &place, sizeof(int)))
            return false;
        description = table + (nuint)(nint)place;
        return true;
    }

    /// <summary>Copies an entry of <c>.eh_frame</c>, its length of 4 bytes included.</summary>
    private static bool TryEntry(AgentData* agent, nuint at, byte* to, uint capacity, out byte* end)
    {
        uint length;
        end = to;
        if (!OwnMemory.Read(agent, at, &length, sizeof(uint)) || length < 8 || length > capacity - 4 || !OwnMemory.Read(agent, at, to, length + 4))
            return false;
        end = to + 4 + length;
        return true;
    }

    private static bool TryRun(AgentData* agent, nuint description, byte* end, CommonEntry* common, nuint pc, UnwindRule* rule)
    {
        var scratch = agent->Unwind.Scratch;
        var size = PointerBytes(common->Encoding);
        var fields = scratch->Description + 8;
        if (fields + (size * 2) > end)
            return false;
        var start = size == 4 ? (nuint)(nint)(*(int*)fields) : *(nuint*)fields;
        if ((common->Encoding & 0x70) == RelativeToPlace)
            start += description + 8;
        var length = size == 4 ? *(uint*)(fields + 4) : *(nuint*)(fields + 8);
        if (pc - start >= length)
            return false;
        var reader = new ByteReader { At = fields + (size * 2), End = end };
        if (common->HasAugmentation != 0)
            reader.Skip(reader.Unsigned());
        var program = new CallFrameProgram { Common = common, Saved = (FrameState*)scratch->States };
        var state = new FrameState();
        var commonReader = new ByteReader { At = common->Program, End = common->End };
        if (!program.Run(&commonReader, &state, nuint.MaxValue) || commonReader.IsBroken)
            return false;
        program.Initial = state;
        return program.Run(&reader, &state, pc - start) && !reader.IsBroken && state.TryToRule(rule);
    }

    /// <summary>Of a DW_EH_PE encoding (Linux Standard Base, 10.5.1).</summary>
    internal static nuint PointerBytes(byte encoding) => (encoding & 0x07) == 0x03 ? 4u : (encoding & 0x07) == 0x02 ? 2u : 8u;
}
