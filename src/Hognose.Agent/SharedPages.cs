namespace Hognose.Agent;

/// <summary>Pages of the shared region that are written first. A sparse file without memory behind it is SIGBUS at the first store.</summary>
internal static unsafe class SharedPages
{
    private const nuint PageBytes = 4096;
    private const int InvalidArgument = 22;

    /// <summary>False: the kernel has no memory for them. Kernels before 5.14 cannot be asked, and are believed.</summary>
    public static bool Back(void* from, void* to)
    {
        var start = (nuint)from & ~(PageBytes - 1);
        var errno = Libc.__errno_location();
        var kept = *errno;
        var backed = Libc.madvise((void*)start, (nuint)to - start, Libc.MadvisePopulateWrite) == 0 || *errno == InvalidArgument;
        *errno = kept;
        return backed;
    }

    /// <summary>Takes whole pages out of this process' resident set; what was written stays in the file.</summary>
    public static void Drop(byte* from, byte* to)
    {
        var start = ((nuint)from + PageBytes - 1) & ~(PageBytes - 1);
        var end = (nuint)to & ~(PageBytes - 1);
        if (end > start)
            Libc.madvise((void*)start, end - start, Libc.MadviseDontNeed);
    }
}
