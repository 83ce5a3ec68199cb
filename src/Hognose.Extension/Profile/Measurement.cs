using System.Runtime.CompilerServices;
using Hognose.Agent;

namespace Hognose.Extension.Profile;

/// <summary>What one code object did within a measurement.</summary>
internal unsafe struct MeasuredCode
{
    public ProfiledCode* Code;
    public LineCounter* Lines;
    public long Calls;

    /// <summary>RSS when a call began: the first one, and at most.</summary>
    public long FirstResidentBefore;
    public long LargestResidentBefore;
}

/// <summary>
/// Figures of some code objects by themselves: of the calls that begin in one thread between the measurement's begin and its end, whoever else is
/// measured meanwhile. A block of pages: this head, the code objects, a table of them by address, their lines.
/// </summary>
internal unsafe struct Measurement
{
    /// <summary>Null: it has ended.</summary>
    public ThreadProfile* Thread;

    /// <summary>That thread's next older one.</summary>
    public Measurement* Older;

    /// <summary>So many calls of the thread are not measured, as they stood on its stack before.</summary>
    public int Depth;
    public int Count;
    public MeasuredCode* Codes;
    private MeasuredCode** _table;
    private nuint _mask;
    private nuint _bytes;

    /// <summary>Null: no memory left.</summary>
    public static Measurement* New(int count, nint lines)
    {
        nuint places = 2;
        while (places < (nuint)count * 2)
            places *= 2;
        var codesAt = (nuint)sizeof(Measurement);
        var tableAt = codesAt + ((nuint)count * (nuint)sizeof(MeasuredCode));
        var linesAt = tableAt + (places * (nuint)sizeof(MeasuredCode*));
        var bytes = linesAt + ((nuint)lines * (nuint)sizeof(LineCounter));
        var measurement = (Measurement*)PrivateMemory.Pages(bytes);
        if (measurement == null)
            return null;
        measurement->Codes = (MeasuredCode*)((byte*)measurement + codesAt);
        measurement->_table = (MeasuredCode**)((byte*)measurement + tableAt);
        measurement->_mask = places - 1;
        measurement->_bytes = bytes;
        return measurement;
    }

    public static void Free(Measurement* measurement) => PrivateMemory.GiveBack(measurement, measurement->_bytes);

    /// <summary>There is room for as many as it was made for.</summary>
    public static void Add(Measurement* measurement, ProfiledCode* code)
    {
        var added = measurement->Codes + measurement->Count++;
        var previous = added - 1;
        added->Code = code;
        added->Lines = added == measurement->Codes
            ? (LineCounter*)(measurement->_table + measurement->_mask + 1)
            : previous->Lines + previous->Code->LineCount;
        *Place(measurement, code) = added;
    }

    /// <summary>Null: that code is not measured.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static MeasuredCode* Find(Measurement* measurement, ProfiledCode* code) => *Place(measurement, code);

    public static void Begin(Measurement* measurement, ThreadProfile* thread)
    {
        measurement->Thread = thread;
        measurement->Depth = thread->Depth;
        measurement->Older = thread->Measurements;
        thread->Measurements = measurement;
    }

    public static void End(Measurement* measurement)
    {
        var thread = measurement->Thread;
        if (thread == null)
            return;
        var link = &thread->Measurements;
        while (*link != measurement)
            link = &(*link)->Older;
        *link = measurement->Older;
        measurement->Thread = null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static MeasuredCode** Place(Measurement* measurement, ProfiledCode* code)
    {
        var index = (nuint)((ulong)code * 0x9E37_79B9_7F4A_7C15 >> 32) & measurement->_mask;
        while (measurement->_table[index] != null && measurement->_table[index]->Code != code)
            index = (index + 1) & measurement->_mask;
        return measurement->_table + index;
    }
}
