using Hognose.Formats.Ring;

namespace Hognose.Agent.Stacks;

internal unsafe struct CodeAreaData
{
    public byte* Start;
    public ulong Capacity;
    public ulong Used;

    /// <summary>Bytes that stand on pages the kernel has promised, and bytes already dropped from the resident set.</summary>
    public ulong Backed;
    public ulong Dropped;
    public uint Count;

    /// <summary>Open addressing from the hash of a record's content to its place, so that code compiled again and again is described once.</summary>
    public DescribedCode* Described;
    public uint DescribedMask;
}

internal struct DescribedCode
{
    public uint Hash;
    public uint Id;
    public ulong Offset;
}

/// <summary>Copies what a report needs of a code object into the shared area, once for each content. The caller holds the lock.</summary>
internal static unsafe class CodeDescription
{
    private const uint FirstDescribed = 1024;
    private const ulong StepBytes = 24 * 1024;
    private const uint LongestName = 4096;
    private const uint LongestLineTable = 1 << 24;

    private const uint KindMask = 7;
    private const int KindShift = 2;
    private const uint Compact = 1 << 5;
    private const uint Ascii = 1 << 6;

    private struct Characters
    {
        public byte* Data;
        public uint Length;
        public byte Kind;

        public readonly uint Bytes => Length * Kind;
    }

    public static bool Open(AgentData* agent, RingHeader* ring)
    {
        var area = &agent->Codes.Area;
        area->Start = (byte*)ring + ring->CodeOffset;
        area->Capacity = ring->CodeCapacity;
        area->Described = (DescribedCode*)PrivateMemory.Pages(FirstDescribed * (nuint)sizeof(DescribedCode));
        area->DescribedMask = FirstDescribed - 1;
        return area->Described != null;
    }

    /// <summary>The id of the description; 0 when the area is full or memory short, and the ring counts it.</summary>
    public static uint Describe(AgentData* agent, nint code)
    {
        var layout = agent->Layout;
        Read(layout, *(nint*)(code + layout->CodeFileName), out var file);
        Read(layout, *(nint*)(code + layout->CodeName), out var name);
        ReadBytes(layout, *(nint*)(code + layout->CodeLineTable), out var lines);
        var length = (CodeRecord.SizeInBytes + file.Bytes + name.Bytes + lines.Bytes + 7) & ~7u;
        var record = Begin(agent, length);
        if (record == null)
            return 0;
        record->FirstLine = *(int*)(code + layout->CodeFirstLine);
        record->FileLength = file.Length;
        record->FileKind = file.Kind;
        record->NameLength = name.Length;
        record->NameKind = name.Kind;
        record->LineTableLength = lines.Length;
        var payload = (byte*)(record + 1);
        Libc.memmove(payload, file.Data, file.Bytes);
        Libc.memmove(payload + file.Bytes, name.Data, name.Bytes);
        Libc.memmove(payload + file.Bytes + name.Bytes, lines.Data, lines.Bytes);
        return Publish(agent, &agent->Codes.Area, record, length);
    }

    /// <summary>The same of a library: its path and build id, bytes both.</summary>
    public static uint DescribeModule(AgentData* agent, byte* path, uint pathLength, byte* buildId, uint buildIdLength)
    {
        var length = (CodeRecord.SizeInBytes + pathLength + buildIdLength + 7) & ~7u;
        var record = Begin(agent, length);
        if (record == null)
            return 0;
        record->FileLength = pathLength;
        record->FileKind = record->NameKind = 1;
        record->LineTableLength = buildIdLength;
        record->Kind = CodeRecord.ModuleKind;
        var payload = (byte*)(record + 1);
        Libc.memmove(payload, path, pathLength);
        Libc.memmove(payload + pathLength, buildId, buildIdLength);
        return Publish(agent, &agent->Codes.Area, record, length);
    }

    /// <summary>A record behind the last one, all zeros but for its length; null when there is no room, which is counted.</summary>
    private static CodeRecord* Begin(AgentData* agent, uint length)
    {
        var area = &agent->Codes.Area;
        if (!Reserve(area, length))
        {
            agent->Ring->UndescribedCodes++;
            return null;
        }
        var record = (CodeRecord*)(area->Start + area->Used);
        Libc.memset(record, 0, length);
        record->Length = length;
        return record;
    }

    /// <summary>Keeps the record just written, unless the same content already has an id, or memory is short, which is counted.</summary>
    private static uint Publish(AgentData* agent, CodeAreaData* area, CodeRecord* record, uint length)
    {
        var hash = HashOf(record, length);
        var slot = hash & area->DescribedMask;
        for (; area->Described[slot].Id != 0; slot = (slot + 1) & area->DescribedMask)
            if (area->Described[slot].Hash == hash && IsSame(area, area->Described[slot], record, length))
                return area->Described[slot].Id;

        if (area->Count > area->DescribedMask / 2 && !Grow(area))
        {
            agent->Ring->UndescribedCodes++;
            return 0;
        }
        var id = area->Count + 1;
        record->CodeId = id;
        DescribedCode described;
        described.Hash = hash;
        described.Id = id;
        described.Offset = area->Used;
        Put(area->Described, area->DescribedMask, described);
        area->Count = id;
        area->Used += length;
        agent->Ring->CodeBytes = area->Used;
        Volatile.Write(ref agent->Ring->CodeCount, id);
        if (area->Used - area->Dropped > StepBytes)
        {
            SharedPages.Drop(area->Start + area->Dropped, area->Start + area->Used);
            area->Dropped = area->Used;
        }
        return id;
    }

    private static void Put(DescribedCode* table, uint mask, in DescribedCode described)
    {
        var slot = described.Hash & mask;
        while (table[slot].Id != 0)
            slot = (slot + 1) & mask;
        table[slot] = described;
    }

    private static bool IsSame(CodeAreaData* area, in DescribedCode described, CodeRecord* record, uint length)
    {
        var other = (CodeRecord*)(area->Start + described.Offset);
        return other->Length == length
            && other->FirstLine == record->FirstLine
            && Libc.memcmp(&other->FirstLine, &record->FirstLine, length - 8) == 0;
    }

    private static bool Reserve(CodeAreaData* area, uint length)
    {
        var end = area->Used + length;
        if (end > area->Capacity)
            return false;
        if (end <= area->Backed)
            return true;
        var to = end + StepBytes < area->Capacity ? end + StepBytes : area->Capacity;
        if (!SharedPages.Back(area->Start + area->Backed, area->Start + to))
            return false;
        area->Backed = to;
        return true;
    }

    private static void Read(AgentLayout* layout, nint text, out Characters characters)
    {
        characters = default;
        if (text == 0)
            return;
        var state = *(uint*)(text + layout->StrState);
        var kind = (state >> KindShift) & KindMask;
        var length = *(long*)(text + layout->StrLength);
        if (kind == 0 || length <= 0)
            return;
        characters.Kind = (byte)kind;
        characters.Length = length < LongestName ? (uint)length : LongestName;
        if ((state & Compact) == 0)
            characters.Data = *(byte**)(text + layout->StrCompactData);
        else
            characters.Data = (byte*)text + ((state & Ascii) != 0 ? layout->StrAsciiData : layout->StrCompactData);
    }

    private static void ReadBytes(AgentLayout* layout, nint bytes, out Characters characters)
    {
        characters = default;
        if (bytes == 0)
            return;
        var length = *(long*)(bytes + layout->BytesLength);
        if (length <= 0 || length > LongestLineTable)
            return;
        characters.Kind = 1;
        characters.Length = (uint)length;
        characters.Data = (byte*)bytes + layout->BytesData;
    }

    /// <summary>Of all but length and id; words of 8 bytes, since records are padded with zeros.</summary>
    private static uint HashOf(CodeRecord* record, uint length)
    {
        var hash = 0xCBF29CE484222325UL ^ length;
        for (var word = (ulong*)record + 1; word < (ulong*)((byte*)record + length); word++)
            hash = (hash ^ *word) * 0x9E3779B97F4A7C15;
        return (uint)(hash >> 32);
    }

    private static bool Grow(CodeAreaData* area)
    {
        var slots = (area->DescribedMask + 1) * 2;
        var table = (DescribedCode*)PrivateMemory.Pages(slots * (nuint)sizeof(DescribedCode));
        if (table == null)
            return false;
        for (uint i = 0; i <= area->DescribedMask; i++)
            if (area->Described[i].Id != 0)
                Put(table, slots - 1, area->Described[i]);
        PrivateMemory.GiveBack(area->Described, (area->DescribedMask + 1) * (nuint)sizeof(DescribedCode));
        area->Described = table;
        area->DescribedMask = slots - 1;
        return true;
    }
}
