using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Hognose.Cli.Recordings;

/// <summary>What kind of file a path names; .NET has no word for devices and named pipes.</summary>
internal static unsafe class FileKind
{
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const uint WantType = 1;           // STATX_TYPE
    private const int StatxLength = 256;
    private const int ModeOffset = 28;         // stx_mode of struct statx, linux/stat.h
    private const int TypeMask = 0xF000;       // S_IFMT
    private const int RegularFile = 0x8000;    // S_IFREG
    private const int Folder = 0x4000;         // S_IFDIR

    /// <summary>A device, a pipe or a socket: to be written in place, never replaced or deleted. Links are followed.</summary>
    public static bool IsSpecial(string path)
    {
        var buffer = stackalloc byte[StatxLength];
        if (Statx(CurrentDirectory, path, 0, WantType, buffer) != 0)
            return false;
        var type = BinaryPrimitives.ReadUInt16LittleEndian(new ReadOnlySpan<byte>(buffer + ModeOffset, sizeof(ushort))) & TypeMask;
        return type is not (RegularFile or Folder);
    }

    /// <summary>False also for what cannot be read.</summary>
    public static bool BeginsWith(string path, ReadOnlySpan<byte> magic)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            Span<byte> start = stackalloc byte[magic.Length];
            return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual(magic);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "statx")]
    private static extern int Statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, byte* result);
}
