namespace Hognose.Agent.Family;

/// <summary>
/// A new program's environment with the agent put first in LD_PRELOAD and told of the family; as it was where nothing can come of it. The agent takes both
/// out again in the new program, whatever that is.
/// </summary>
internal static unsafe class FamilyVariables
{
    /// <summary>The joined LD_PRELOAD stands at the end of the room; a value longer than this is not added to.</summary>
    private const int LongestPreload = 1024;

    private const int TextRoom = FamilyData.TextBytes + LongestPreload;

    /// <summary>Longer environments go on as they are.</summary>
    private const int MostVariables = ((ExecRoom.Bytes - TextRoom) / 8) - 3; // Both of ours and the end.

    /// <param name="family">Of this process.</param>
    /// <param name="environment">Stays as it is.</param>
    /// <param name="room">Holds what is returned, if that is another.</param>
    public static byte** Add(FamilyData* family, byte** environment, ExecRoom* room)
    {
        // A tool that was killed: the loader would complain of a library that is not there.
        if (environment == null || family->Board == null || Libc.access(family->Preload + FamilyMembership.PreloadName, Libc.MayRead) != 0)
            return environment;
        var own = Text.C("HOGNOSE_FAMILY="u8);
        var name = Text.C("LD_PRELOAD="u8);
        var added = (byte**)room;
        var hasPreload = false;
        var count = 0;
        for (var entry = environment; *entry != null; entry++)
        {
            if (count == MostVariables)
                return environment;
            if (Text.StartsWith(*entry, own))
                continue;
            var isPreload = !hasPreload && Text.StartsWith(*entry, name);
            if (isPreload && Libc.strlen(*entry) > LongestPreload)
                return environment;
            added[count++] = isPreload ? Joined(family, *entry, (byte*)room + ExecRoom.Bytes - TextRoom) : *entry;
            hasPreload |= isPreload;
        }
        if (!hasPreload)
            added[count++] = family->Preload;
        added[count++] = family->Variable;
        added[count] = null;
        return added;
    }

    /// <summary>A colon even before an empty value: without one there was no variable.</summary>
    private static byte* Joined(FamilyData* family, byte* preload, byte* to)
    {
        var text = Text.Append(Text.Append(to, family->Preload), Text.C(":"u8));
        Text.Append(text, preload + FamilyMembership.PreloadName);
        return to;
    }
}
