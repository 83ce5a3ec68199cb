namespace Hognose.Agent.Start;

/// <summary>Takes our traces out of the process before Python looks: the variables and the two descriptors.</summary>
internal static unsafe class ProgramEnvironment
{
    public static void Restore(RingHandle handle)
    {
        Hide();
        Libc.close(handle.Region);
        Libc.close(handle.Library);
    }

    public static void Hide()
    {
        var environment = *(byte***)Libc.dlsym(null, Text.C("environ"u8));
        var ring = Text.C("HOGNOSE_RING="u8);
        var family = Text.C("HOGNOSE_FAMILY="u8);
        var preload = Text.C("LD_PRELOAD="u8);
        var kept = environment;
        for (var entry = environment; *entry != null; entry++)
        {
            if (Text.StartsWith(*entry, ring) || Text.StartsWith(*entry, family))
                continue;
            if (Text.StartsWith(*entry, preload) && !KeepOthers(*entry + Libc.strlen(preload)))
                continue;
            *kept++ = *entry;
        }
        *kept = null;
    }

    private static bool EndsWithLibrary(byte* value, byte* end)
    {
        var name = Text.C("/hognose_agent.so"u8); // FamilyBoard.LibraryName
        var start = end - Libc.strlen(name);
        return start >= value && Text.StartsWith(start, name);
    }

    /// <summary>Our library stands first. What follows the colon is the user's own value; without a colon there was no variable.</summary>
    private static bool KeepOthers(byte* value)
    {
        var rest = value;
        while (*rest != 0 && *rest != (byte)':')
            rest++;
        if (!Text.StartsWith(value, Text.C("/proc/"u8)) && !EndsWithLibrary(value, rest))
            return true;
        if (*rest == 0)
            return false;
        Libc.memmove(value, rest + 1, Libc.strlen(rest + 1) + 1);
        return true;
    }
}
