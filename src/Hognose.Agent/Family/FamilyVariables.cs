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
        byte* preload = null;
        var count = 0UL;
        for (var entry = environment; *entry != null && count < MostVariables; entry++, count++)
            if (preload == null && Text.StartsWith(*entry, name))
                preload = *entry;
        var texts = (count + More) * 8;
        var bytes = texts + FamilyData.TextBytes + (preload == null ? 0 : (ulong)Libc.strlen(preload));
        var added = count >= MostVariables ? null : bytes <= ExecRoom.Bytes ? (byte*)room : LargeRooms.Take(family, (nuint)bytes);
        if (added == null)
        {
            Interlocked.Increment(ref family->Board->Unfitting);
            return environment;
        }
        Fill(family, environment, preload, (byte**)added, added + texts);
        return (byte**)added;
    }

    /// <summary>A tool that was killed: the loader would complain of a library that is not there.</summary>
    public static bool IsReachable(FamilyData* family) =>
        family->Board != null && Libc.access(family->Preload + FamilyMembership.PreloadName, Libc.MayRead) == 0;

    private static void Fill(FamilyData* family, byte** environment, byte* preload, byte** added, byte* text)
    {
        var own = Text.C("HOGNOSE_FAMILY="u8);
        for (var entry = environment; *entry != null; entry++)
            if (!Text.StartsWith(*entry, own))
                *added++ = *entry == preload ? Joined(family, preload, text) : *entry;
        if (preload == null)
            *added++ = family->Preload;
        *added++ = family->Variable;
        *added = null;
    }

    /// <summary>A colon even before an empty value: without one there was no variable.</summary>
    private static byte* Joined(FamilyData* family, byte* preload, byte* to)
    {
        var text = Text.Append(Text.Append(to, family->Preload), Text.C(":"u8));
        Text.Append(text, preload + FamilyMembership.PreloadName);
        return to;
    }
}
