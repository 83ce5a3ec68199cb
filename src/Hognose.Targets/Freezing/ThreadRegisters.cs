using System.Runtime.InteropServices;

namespace Hognose.Targets.Freezing;

/// <summary><c>struct user_regs_struct</c> of x86-64 (sys/user.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ThreadRegisters
{
    public ulong R15;
    public ulong R14;
    public ulong R13;
    public ulong R12;
    public ulong Rbp;
    public ulong Rbx;
    public ulong R11;
    public ulong R10;
    public ulong R9;
    public ulong R8;
    public ulong Rax;
    public ulong Rcx;
    public ulong Rdx;
    public ulong Rsi;
    public ulong Rdi;

    /// <summary>The system call that the thread is in; -1 for none.</summary>
    public ulong OriginalRax;
    public ulong Rip;
    public ulong Cs;
    public ulong Flags;
    public ulong Rsp;
    public ulong Ss;
    public ulong FsBase;
    public ulong GsBase;
    public ulong Ds;
    public ulong Es;
    public ulong Fs;
    public ulong Gs;

    /// <summary>64-bit user code; a 32-bit call has another segment.</summary>
    public readonly bool Is64Bit => Cs == 0x33;

    public readonly bool IsInSystemCall => (long)OriginalRax >= 0;
}
