namespace Hognose.Agent.Family;

/// <summary>
/// Room for environments that do not fit on the stack. A child of vfork shares its parent's memory and does not come back to give a block up: each thread
/// keeps the one it has, and takes it again when it starts its next program, which it can do only when the last one's exec is over.
/// </summary>
internal static unsafe class LargeRooms
{
    /// <summary>Threads that start programs with such environments; what more threads start is not recorded, and counted.</summary>
    public const int Count = 16;

    /// <summary>Owner (pthread_self, 0: free), address, length.</summary>
    public const int Words = 3;

    /// <returns>Null when there is no room left.</returns>
    public static byte* Take(FamilyData* family, nuint bytes)
    {
        var own = Find(family->LargeRooms, (ulong)Libc.pthread_self());
        if (own == null || bytes <= (nuint)own[2])
            return own == null ? null : (byte*)own[1];
        if (own[1] != 0)
            Libc.munmap((void*)own[1], (nuint)own[2]);
        own[1] = own[2] = 0;
        var memory = Libc.mmap(null, bytes, Libc.ProtRead | Libc.ProtWrite, Libc.MapPrivate | Libc.MapAnonymous, -1, 0);
        if ((nint)memory == -1)
            return null;
        (own[1], own[2]) = ((ulong)memory, bytes);
        return memory;
    }

    private static ulong* Find(ulong* rooms, ulong thread)
    {
        for (var room = rooms; room < rooms + (Count * Words); room += Words)
            if (Volatile.Read(ref *room) == thread)
                return room;
        for (var room = rooms; room < rooms + (Count * Words); room += Words)
            if (Interlocked.CompareExchange(ref *room, thread, 0) == 0)
                return room;
        return null;
    }
}
