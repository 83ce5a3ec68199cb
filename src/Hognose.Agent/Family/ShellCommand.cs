namespace Hognose.Agent.Family;

/// <summary>A command line of a shell that leads the agent into the shell that then carries out the command.</summary>
internal static unsafe class ShellCommand
{
    /// <summary>The kernel takes no argument of more than 128 KiB.</summary>
    private const ulong LongestCommand = 120 * 1024;

    private const ulong OwnWords = 512 + FamilyData.PathTextBytes;

    /// <param name="family">Of this process.</param>
    /// <param name="command">Stays as it is; null: none is given.</param>
    /// <param name="length">Of the mapping that is returned, to be unmapped.</param>
    /// <returns>Null: the command stays as it is.</returns>
    public static byte* Lead(FamilyData* family, byte* command, nuint* length)
    {
        // Shells differ in what they take a leading sign for.
        if (command == null || *command == (byte)'-' || *command == (byte)'+')
            return null;
        var errno = *Libc.__errno_location();
        var led = FamilyVariables.IsReachable(family) ? Write(family, command, length) : null;
        *Libc.__errno_location() = errno;
        return led;
    }

    private static byte* Write(FamilyData* family, byte* command, nuint* length)
    {
        var quoted = 0UL;
        for (var at = command; *at != 0; at++)
            quoted += *at == (byte)'\'' ? 4UL : 1UL;
        if (quoted > LongestCommand)
        {
            Interlocked.Increment(ref family->Board->Unfitting);
            return null;
        }
        *length = (nuint)(quoted + OwnWords);
        var led = Libc.mmap(null, *length, Libc.ProtRead | Libc.ProtWrite, Libc.MapPrivate | Libc.MapAnonymous, -1, 0);
        if ((nint)led == -1)
            return null;
        // As FamilyVariables has it: a colon even before an empty value.
        var to = Text.Append(Text.Append(led, FamilyVariables.Preload(family)), Text.C("${LD_PRELOAD+:$LD_PRELOAD} "u8));
        to = Text.Append(Text.Append(to, family->Variable), Text.C(";export LD_PRELOAD HOGNOSE_FAMILY;exec /bin/sh -c '"u8));
        for (var at = command; *at != 0; at++)
            to = *at == (byte)'\'' ? Text.Append(to, Text.C("'\\''"u8)) : One(to, *at);
        Text.Append(to, Text.C("' sh"u8)); // libc calls it so, and it names itself so in its complaints.
        return led;
    }

    private static byte* One(byte* to, byte character)
    {
        *to = character;
        return to + 1;
    }
}
