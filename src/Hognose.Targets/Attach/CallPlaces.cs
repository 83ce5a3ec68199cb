using Hognose.Targets.Elf;
using Hognose.Targets.Freezing;
using Hognose.Targets.Memory;

namespace Hognose.Targets.Attach;

/// <summary>A stretch of the target's addresses.</summary>
public readonly record struct AddressRange(TargetAddress Low, ulong Length)
{
    public bool Contains(ulong address) => address - Low.Value < Length;
}

/// <summary>
/// Tells where a thread may be made to call functions that allocate and load libraries: nowhere where it holds a lock of libc, of the loader or of
/// an allocator, or waits for one.
/// </summary>
/// <param name="loop">The interpreter's loop; empty: unknown.</param>
/// <param name="allocators">Functions of the interpreter's that change its allocators, and the locks they take.</param>
/// <param name="runtime">The interpreter's state, with its lock: whoever sleeps there waits for it.</param>
/// <param name="images">Of the process.</param>
/// <param name="memory">Of the process.</param>
public sealed class CallPlaces(AddressRange loop, IReadOnlyList<AddressRange> allocators, AddressRange runtime, IReadOnlyList<LoadedImage> images, IMemoryReader memory)
{
    // ERESTARTSYS to ERESTART_RESTARTBLOCK (include/linux/errno.h): asleep, and to be made again.
    private const long FirstRestart = -516;
    private const long LastRestart = -512;

    /// <summary>What the kernel answers at once, for the caller to call again: epoll_wait, semop, sigtimedwait, and sockets with a timeout are never restarted (signal(7)).</summary>
    private const long Interrupted = -4;

    private const int Futex = 202;
    private const int Restart = 219;

    /// <summary>glibc's further arenas begin at each multiple of this (malloc/arena.c, HEAP_MAX_SIZE). Their lock is in the first words, blocks come after 2 KB of lists.</summary>
    private const ulong ArenaAlignment = 64 << 20;
    private const ulong ArenaHead = 1024;

    /// <summary>
    /// read write poll select pause nanosleep connect accept sendto recvfrom sendmsg recvmsg wait4 semop fcntl msgrcv flock rt_sigtimedwait rt_sigsuspend semtimedop
    /// clock_nanosleep epoll_wait waitid pselect6 ppoll epoll_pwait accept4 recvmmsg epoll_pwait2, readv writev preadv, mq_timedreceive.
    /// </summary>
    private static readonly HashSet<ulong> Sleeps =
    [
        0, 1, 7, 19, 20, 23, 34, 35, 42, 43, 44, 45, 46, 47, 61, 65, 70, 72, 73, 128, 130, 220, 230, 232, 243, 247, 270, 271, 281, 288, 299, 441, Futex, Restart,
    ];

    private readonly List<LoadedImage> _guarded = [.. images.Where(image => IsGuarded(image, memory))];

    internal CallPlace Of(in ThreadRegisters registers) =>
        registers.IsInSystemCall ? OfSleeper(registers) : OfRunner(registers.Rip);

    private CallPlace OfRunner(ulong instruction)
    {
        if (loop.Contains(instruction))
            return CallPlace.InPython;
        var at = new TargetAddress(instruction);
        var image = images.FirstOrDefault(each => each.Mappings.Any(mapping => mapping.IsFile && mapping.Contains(at)));
        if (image is null || _guarded.Contains(image))
            return CallPlace.Unsuitable;
        if (!Holds(image, loop.Low) && !Holds(image, runtime.Low))
            return CallPlace.InCode;
        return allocators.Any(function => function.Contains(instruction)) ? CallPlace.Unsuitable : CallPlace.InPython;
    }

    private CallPlace OfSleeper(in ThreadRegisters registers)
    {
        if (!WasAsleep((long)registers.Rax) || !Sleeps.Contains(registers.OriginalRax) || IsLoader(registers.Rip))
            return CallPlace.Unsuitable;
        if (registers.OriginalRax is not (Futex or Restart))
            return CallPlace.Asleep;
        var word = registers.Rdi;
        if (runtime.Contains(word))
            return CallPlace.InCode;
        var isLibrarys = _guarded.Any(image => Holds(image, new TargetAddress(word))) || word % ArenaAlignment < ArenaHead;
        return isLibrarys ? CallPlace.Unsuitable : CallPlace.Asleep;
    }

    private static bool WasAsleep(long result) => result is >= FirstRestart and <= LastRestart or Interrupted;

    private bool IsLoader(ulong instruction) =>
        _guarded.Any(image => Holds(image, new TargetAddress(instruction)) && !IsLibc(image));

    private static bool Holds(LoadedImage image, TargetAddress address) => image.Mappings.Any(mapping => mapping.Contains(address));

    /// <summary>libc's own parts, and whatever brings an allocator for all (jemalloc and the like).</summary>
    private static bool IsGuarded(LoadedImage image, IMemoryReader memory) =>
        IsLibc(image) || image.FileName.StartsWith("ld-", StringComparison.Ordinal) || image.FileName.StartsWith("ld.", StringComparison.Ordinal)
        || (ElfImage.TryOpen(memory, image.Start, out var elf) && elf.TryFindSymbol("malloc", out _));

    private static bool IsLibc(LoadedImage image) =>
        image.FileName.StartsWith("libc.", StringComparison.Ordinal) || image.FileName.StartsWith("libc-", StringComparison.Ordinal)
        || image.FileName.StartsWith("libpthread", StringComparison.Ordinal) || image.FileName.StartsWith("libdl", StringComparison.Ordinal)
        || image.FileName.StartsWith("librt", StringComparison.Ordinal);
}
