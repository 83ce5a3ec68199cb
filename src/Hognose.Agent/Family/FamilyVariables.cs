namespace Hognose.Agent.Family;

/// <summary>
/// A new program's environment with the agent put first in LD_PRELOAD and told of the family; as it was where nothing can come of it. The agent takes both
/// out again in the new program, whatever that is.
/// </summary>
internal static unsafe class FamilyVariables
{
    /// <summary>Longer environments go on as they are: 64 KiB of stack is what a small thread can spare.</summary>
    private const int MostVariables = 8_000;

    /// <summary>A value of LD_PRELOAD longer than this is not added to.</summary>
    private const int LongestPreload = 4_000;
    private const int PointerBytes = 8;

    /// <summary>In pointers; 1 where nothing is added.</summary>
    public static int RoomFor(FamilyData* family, byte** environment)
    {
        if (environment == null || family->Board == null || Libc.access(family->Preload + FamilyMembership.PreloadName, Libc.MayRead) != 0)
            return 1;
        var count = 0;
        while (environment[count] != null && count <= MostVariables)
            count++;
        var preload = PreloadOf(environment);
        // Both variables, the end, and the text of the joined LD_PRELOAD.
        return count > MostVariables || (preload != null && Libc.strlen(preload) > LongestPreload) ? 1 : count + 3 + (TextRoom(preload) / PointerBytes);
    }

    /// <summary>Bytes, whole pointers.</summary>
    private static int TextRoom(byte* preload) =>
        preload == null ? 0 : (FamilyData.TextBytes + (int)Libc.strlen(preload) + PointerBytes) / PointerBytes * PointerBytes;

    /// <param name="family">Of this process.</param>
    /// <param name="environment">Stays as it is.</param>
    /// <param name="room">For the new array and its text.</param>
    /// <param name="pointers">How much room that is: what <see cref="RoomFor"/> said.</param>
    public static byte** Add(FamilyData* family, byte** environment, byte** room, int pointers)
    {
        if (pointers == 1)
            return environment;
        var own = Text.C("HOGNOSE_FAMILY="u8);
        var preload = PreloadOf(environment);
        var text = (byte*)(room + pointers) - TextRoom(preload);
        var count = 0;
        for (var entry = environment; *entry != null; entry++)
            if (!Text.StartsWith(*entry, own))
                room[count++] = *entry == preload ? Joined(family, preload, text) : *entry;
        if (preload == null)
            room[count++] = family->Preload;
        room[count++] = family->Variable;
        room[count] = null;
        return room;
    }

    /// <summary>A colon even before an empty value: without one there was no variable.</summary>
    private static byte* Joined(FamilyData* family, byte* preload, byte* to)
    {
        var text = Text.Append(Text.Append(to, family->Preload), Text.C(":"u8));
        Text.Append(text, preload + FamilyMembership.PreloadName);
        return to;
    }

    private static byte* PreloadOf(byte** environment)
    {
        var name = Text.C("LD_PRELOAD="u8);
        for (var entry = environment; *entry != null; entry++)
            if (Text.StartsWith(*entry, name))
                return *entry;
        return null;
    }
}
