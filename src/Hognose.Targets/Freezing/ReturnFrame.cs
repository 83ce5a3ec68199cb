using System.Buffers.Binary;
using System.Runtime.Intrinsics.X86;

namespace Hognose.Targets.Freezing;

/// <summary>
/// A signal frame (arch/x86/include/asm/sigframe.h, <c>struct rt_sigframe</c>) from which the kernel puts a thread back by itself. With one below its
/// stack and a <c>ret</c> behind the injected call, the thread finds its way home at whatever instant we die.
/// </summary>
internal static class ReturnFrame
{
    /// <summary>The return address, and <c>struct ucontext</c> behind it.</summary>
    public const int Size = 8 + 304;

    /// <summary>AVX-512 takes 2,696 bytes; tiles of AMX would take 8 KB more and are left alone.</summary>
    public const int LargestState = 4096;

    private const int MachineContext = 8 + 40;
    private const int SignalMask = 8 + 296;
    private const int SoftwareBytes = 464;
    private const int StateBits = 512;
    private const uint StateMagic = 0x46505853;
    private const uint EndMagic = 0x46505845;
    private const int RestartSystemCall = 219;

    // Tiles (17, 18): enabled a process, which we cannot ask for.
    private const ulong DynamicFeatures = 3UL << 17;

    /// <summary>An alternative stack that the kernel refuses to set, so that the thread keeps its own (signal.c, restore_altstack).</summary>
    private const int NoAlternativeStack = 8;

    /// <summary>FP state is there; ss is to be restored as it stands.</summary>
    private const ulong FrameFlags = 7;

    /// <summary>What the kernel itself would do with a call that the stop interrupted: make it again (arch_do_signal_or_restart).</summary>
    public static ThreadRegisters Restarted(ThreadRegisters registers)
    {
        if (!registers.IsInSystemCall)
            return registers;
        const int syscallLength = 2;
        switch (-(long)registers.Rax)
        {
            case 512 or 513 or 514: // ERESTARTSYS, ERESTARTNOINTR, ERESTARTNOHAND
                registers.Rax = registers.OriginalRax;
                registers.Rip -= syscallLength;
                break;
            case 516: // ERESTART_RESTARTBLOCK
                registers.Rax = RestartSystemCall;
                registers.Rip -= syscallLength;
                break;
        }
        return registers;
    }

    /// <param name="frame"><see cref="Size"/> bytes.</param>
    /// <param name="restorer">Code that calls rt_sigreturn.</param>
    /// <param name="registers">To go on with.</param>
    /// <param name="mask">Signals blocked then.</param>
    /// <param name="state">Where the XSAVE area stands, 64-byte aligned; 0 leaves the state to be reset.</param>
    public static void Write(Span<byte> frame, ulong restorer, in ThreadRegisters registers, ulong mask, ulong state)
    {
        frame.Clear();
        Word(frame, 0, restorer);
        Word(frame, 8, FrameFlags);
        BinaryPrimitives.WriteInt32LittleEndian(frame[(8 + 24)..], NoAlternativeStack);
        ReadOnlySpan<ulong> general =
        [
            registers.R8, registers.R9, registers.R10, registers.R11, registers.R12, registers.R13, registers.R14, registers.R15,
            registers.Rdi, registers.Rsi, registers.Rbp, registers.Rbx, registers.Rdx, registers.Rax, registers.Rcx,
            registers.Rsp, registers.Rip, registers.Flags, registers.Cs | (registers.Ss << 48),
        ];
        for (var i = 0; i < general.Length; i++)
            Word(frame, MachineContext + (8 * i), general[i]);
        Word(frame, MachineContext + 184, state);
        Word(frame, SignalMask, mask);
    }

    /// <summary>Makes what ptrace read of the XSAVE area into what a signal frame holds; false when it has parts that we cannot put back.</summary>
    /// <param name="area">At least 4 bytes longer than the state.</param>
    /// <param name="read">Bytes that ptrace read.</param>
    /// <param name="length">Of the area in the frame, the magic number at its end included.</param>
    public static bool TryMakeState(Span<byte> area, int read, out int length)
    {
        length = 0;
        if (read < StateBits + 64 || !X86Base.IsSupported)
            return false;
        var features = BinaryPrimitives.ReadUInt64LittleEndian(area[SoftwareBytes..]);
        if ((BinaryPrimitives.ReadUInt64LittleEndian(area[StateBits..]) & DynamicFeatures) != 0)
            return false;
        var size = StateSize(features);
        if (size > Math.Min(read, LargestState))
            return false;
        area.Slice(SoftwareBytes, 48).Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(area[SoftwareBytes..], StateMagic);
        BinaryPrimitives.WriteInt32LittleEndian(area[(SoftwareBytes + 4)..], size + 4);
        Word(area, SoftwareBytes + 8, features & ~DynamicFeatures);
        BinaryPrimitives.WriteInt32LittleEndian(area[(SoftwareBytes + 16)..], size);
        BinaryPrimitives.WriteUInt32LittleEndian(area[size..], EndMagic);
        length = size + 4;
        return true;
    }

    /// <summary>Leaf 13 tells where each feature's part ends.</summary>
    private static int StateSize(ulong features)
    {
        var size = StateBits + 64;
        for (var feature = 2; feature < 63; feature++)
        {
            if (((features & ~DynamicFeatures) >> feature & 1) == 0)
                continue;
            var (length, offset, _, _) = X86Base.CpuId(0xd, feature);
            size = Math.Max(size, offset + length);
        }
        return size;
    }

    private static void Word(Span<byte> bytes, int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(bytes[at..], value);
}
