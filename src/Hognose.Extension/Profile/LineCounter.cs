using Hognose.Extension.Python;

namespace Hognose.Extension.Profile;

/// <summary>What one line did, with all that it called. Bytes but for the counts.</summary>
internal struct LineCounter
{
    public long Occurrences;
    public long Allocated;
    public long Freed;

    /// <summary>Frees of blocks that came into being before we listened.</summary>
    public long OlderFrees;

    /// <summary>The most that was held at once beyond what was held when the line began, of all times that it ran.</summary>
    public long Peak;

    /// <summary>The most that the call held after the line, beyond what was held when the call began.</summary>
    public long LargestHeld;

    /// <summary>RSS after the line: when it last ran, and at most.</summary>
    public long Resident;
    public long LargestResident;

    /// <summary>By how much RSS grew while the line ran, summed up.</summary>
    public long ResidentGrowth;
}

/// <summary>A code object under the profiler. Kept for good: its address must not come to mean another.</summary>
internal unsafe struct ProfiledCode
{
    public PyObject* Code;
    public int FirstLine;
    public int LineCount;

    /// <summary>Of its first line among the lines of all profiled code.</summary>
    public int FirstSlot;

    /// <summary>By whom it was asked for; 0: counted no longer.</summary>
    public int Requests;

    /// <summary>Generators, coroutines: a call goes on while no frame of it runs.</summary>
    public bool IsSuspendable;
    public long Calls;

    /// <summary>The most that was held at once beyond what was held when the call began, of all calls.</summary>
    public long Peak;

    /// <summary>RSS when a call last began.</summary>
    public long ResidentBefore;
    public LineCounter* Lines;
    public ProfiledCode* Next;
}

/// <summary>Code objects by address.</summary>
internal unsafe struct CodeIndex
{
    private const nuint FirstCapacity = 512;

    public ProfiledCode* Newest;
    public int Slots;
    private ProfiledCode** _table;
    private nuint _mask;
    private nuint _count;

    public static ProfiledCode* Find(CodeIndex* codes, PyObject* code) =>
        codes->_table == null ? null : *Place(codes->_table, codes->_mask, code);

    /// <summary>Takes over a new reference to the code object. Null: no memory left.</summary>
    public static ProfiledCode* Add(CodeIndex* codes, PyObject* code, int firstLine, int lineCount)
    {
        if (codes->_count * 2 >= codes->_mask && !Grow(codes))
            return null;
        var bytes = (nuint)sizeof(ProfiledCode) + ((nuint)lineCount * (nuint)sizeof(LineCounter));
        var added = (ProfiledCode*)Agent.PrivateMemory.LongPiece(bytes);
        if (added == null)
            return null;
        added->Code = code;
        added->FirstLine = firstLine;
        added->LineCount = lineCount;
        added->FirstSlot = codes->Slots;
        added->Lines = (LineCounter*)(added + 1);
        added->Next = codes->Newest;
        codes->Newest = added;
        codes->Slots += lineCount;
        codes->_count++;
        *Place(codes->_table, codes->_mask, code) = added;
        return added;
    }

    private static ProfiledCode** Place(ProfiledCode** table, nuint mask, PyObject* code)
    {
        var index = (nuint)((ulong)code * 0x9E37_79B9_7F4A_7C15 >> 32) & mask;
        while (table[index] != null && table[index]->Code != code)
            index = (index + 1) & mask;
        return table + index;
    }

    private static bool Grow(CodeIndex* codes)
    {
        var capacity = codes->_table == null ? FirstCapacity : (codes->_mask + 1) * 2;
        var table = (ProfiledCode**)Agent.PrivateMemory.Pages(capacity * (nuint)sizeof(ProfiledCode*));
        if (table == null)
            return false;
        for (var code = codes->Newest; code != null; code = code->Next)
            *Place(table, capacity - 1, code->Code) = code;
        if (codes->_table != null)
            Agent.PrivateMemory.GiveBack(codes->_table, (codes->_mask + 1) * (nuint)sizeof(ProfiledCode*));
        codes->_table = table;
        codes->_mask = capacity - 1;
        return true;
    }
}
