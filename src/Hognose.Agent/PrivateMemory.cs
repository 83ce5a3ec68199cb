namespace Hognose.Agent;

/// <summary>
/// The agent's own memory, straight from the kernel: the target's heap keeps the shape it has without us, and no allocator is re-entered.
/// Small pieces are cut from chunks and never given back; blocks of whole pages are.
/// </summary>
internal static unsafe class PrivateMemory
{
    private const nuint ChunkBytes = 64 * 1024;

    /// <summary>Zeroed whole pages, or null: the program, which may look at errno, does not hear of it.</summary>
    public static byte* Pages(nuint bytes)
    {
        var errno = Libc.__errno_location();
        var kept = *errno;
        var memory = Libc.mmap(null, bytes, Libc.ProtRead | Libc.ProtWrite, Libc.MapPrivate | Libc.MapAnonymous, -1, 0);
        *errno = kept;
        return (nint)memory == -1 ? null : memory;
    }

    public static void GiveBack(void* memory, nuint bytes) => Libc.munmap(memory, bytes);

    /// <summary>A zeroed piece aligned to 16 bytes, or null.</summary>
    public static byte* Piece(nuint bytes)
    {
        var agent = Agent.State;
        bytes = (bytes + 15) & ~(nuint)15;
        if (agent->ChunkLeft < bytes)
        {
            agent->Chunk = Pages(ChunkBytes);
            agent->ChunkLeft = agent->Chunk == null ? 0 : ChunkBytes;
            if (agent->Chunk == null)
                return null;
        }
        var piece = agent->Chunk;
        agent->Chunk += bytes;
        agent->ChunkLeft -= bytes;
        return piece;
    }

    /// <summary>As <see cref="Piece"/>, of any length: a long one has pages of its own.</summary>
    public static byte* LongPiece(nuint bytes) => bytes > ChunkBytes / 4 ? Pages(bytes) : Piece(bytes);
}
