using System.Buffers.Binary;
using Hognose.Targets.Elf;
using Hognose.Targets.Memory;

namespace Hognose.Targets.Attach;

/// <summary>
/// Where a thread's errno stands: a distance from its thread pointer, which glibc's <c>__errno_location</c> loads. The code that a thread was taken from may be
/// about to look at it.
/// </summary>
/// <param name="Offset">From the thread pointer.</param>
internal readonly record struct ErrnoPlace(long Offset)
{
    private const int BranchMarkLength = 4;
    private const int LoadLength = 7;

    private static ReadOnlySpan<byte> BranchMark => [0xf3, 0x0f, 0x1e, 0xfa];

    /// <summary>mov rel32(%rip), %rax</summary>
    private static ReadOnlySpan<byte> Load => [0x48, 0x8b, 0x05];

    /// <summary>add %fs:0, %rax; ret</summary>
    private static ReadOnlySpan<byte> AddAndReturn => [0x64, 0x48, 0x03, 0x04, 0x25, 0, 0, 0, 0, 0xc3];

    /// <summary>False where the function looks otherwise.</summary>
    public static bool TryFind(IMemoryReader memory, IEnumerable<LoadedImage> images, out ErrnoPlace place)
    {
        place = default;
        foreach (var image in images)
            if (ElfImage.TryOpen(memory, image.Start, out var elf) && elf.TryFindSymbol("__errno_location", out var function))
                return TryRead(memory, function.Address, out place);
        return false;
    }

    private static bool TryRead(IMemoryReader memory, TargetAddress function, out ErrnoPlace place)
    {
        place = default;
        Span<byte> code = stackalloc byte[BranchMarkLength + LoadLength + 10];
        if (!memory.TryRead(function, code))
            return false;
        var start = code.StartsWith(BranchMark) ? BranchMarkLength : 0;
        if (!code[start..].StartsWith(Load) || !code[(start + LoadLength)..].StartsWith(AddAndReturn))
            return false;
        var slot = function + start + LoadLength + BinaryPrimitives.ReadInt32LittleEndian(code[(start + Load.Length)..]);
        var isRead = memory.TryRead(slot, out long offset);
        place = new ErrnoPlace(offset);
        return isRead;
    }
}
