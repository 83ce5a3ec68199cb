namespace Hognose.Agent.Family;

/// <summary>
/// A new program's environment with the agent put first in LD_PRELOAD and told of the family; as it was where nothing can come of it. The agent takes both
/// out again in the new program, whatever that is.
/// </summary>
internal static unsafe class FamilyVariables
{
    /// <summary>The kernel's limit of all arguments and variables together lets no program have more.</summary>
    private const ulong MostVariables = 1 << 20;

    /// <summary>Both of ours and the end.</summary>
    private const ulong More = 3;

    /// <param name="family">Of this process.</param>
    /// <param name="environment">Stays as it is.</param>
    /// <param name="room">Holds what is returned, if that is another and small.</param>
    public static byte** Add(FamilyData* family, byte** environment, ExecRoom* room)
    {
        if (environment == null || !IsReachable(family))
            return environment;
        var name = Text.C("LD_PRELOAD="u8);
        var own = Text.C("HOGNOSE_FAMILY="u8);
        byte* preload = null;
        var count = 0UL;
        for (var entry = environment; *entry != null && count < MostVariables; entry++, count++)
        {
            // A recording that the program makes of a part of itself was here first: its hooks stand before these, and what is started is that one's.
            if (Text.StartsWith(*entry, own))
                return environment;
            if (preload == null && Text.StartsWith(*entry, name))
                preload = *entry;
        }
        var texts = (count + More) * 8;
        var bytes = texts + FamilyData.PathTextBytes + (preload == null ? 0 : (ulong)Libc.strlen(preload));
        var added = count >= MostVariables ? null : bytes <= ExecRoom.Bytes ? (byte*)room : LargeRooms.Take(family, (nuint)bytes);
        if (added == null)
        {
            Interlocked.Increment(ref family->Board->Unfitting);
            return environment;
        }
        Fill(family, environment, preload, (byte**)added, added + texts);
        return (byte**)added;
    }

    /// <summary>Not of a tool that was killed: the loader would complain of a library that is not there.</summary>
    public static bool IsReachable(FamilyData* family) =>
        Volatile.Read(ref family->IsOn) != 0 && family->Board->IsClosed == 0 && Libc.access(family->Preload + FamilyMembership.PreloadName, Libc.MayRead) == 0;

    /// <summary>
    /// By its path where that leads to it from here: when the tool goes before the loader of the new program comes to it, the descriptor would be gone, and the
    /// loader say so.
    /// </summary>
    public static byte* Preload(FamilyData* family) =>
        Libc.access(family->PathPreload + FamilyMembership.PreloadName, Libc.MayRead) == 0 ? family->PathPreload : family->Preload;

    private static void Fill(FamilyData* family, byte** environment, byte* preload, byte** added, byte* text)
    {
        for (var entry = environment; *entry != null; entry++)
            *added++ = *entry == preload ? Joined(family, preload, text) : *entry;
        if (preload == null)
            *added++ = Preload(family);
        *added++ = family->Variable;
        *added = null;
    }

    /// <summary>A colon even before an empty value: without one there was no variable.</summary>
    private static byte* Joined(FamilyData* family, byte* preload, byte* to)
    {
        var text = Text.Append(Text.Append(to, Preload(family)), Text.C(":"u8));
        Text.Append(text, preload + FamilyMembership.PreloadName);
        return to;
    }
}
