using System.Globalization;
using System.IO.Compression;
using System.Text;
using Hognose.Diagnostics;
using Hognose.Targets.Copying;
using Hognose.Targets.Launch;
using Hognose.Targets.Native;
using Microsoft.Win32.SafeHandles;
using ZstdSharp;

namespace Hognose.Targets.Cores;

/// <summary>
/// Unpacks a compressed core (systemd-coredump writes zstd) into memory without a name, zeros as holes: what is unpacked is what will be
/// mapped, so it is held once.
/// </summary>
internal static unsafe class CoreUnpacking
{
    /// <summary>A few kilobytes can unpack to zeros without end; no process has this much.</summary>
    private const long LongestCore = 1L << 43;

    private const int PieceLength = 64 << 10;

    /// <summary>What is left for the graph and for everybody else.</summary>
    private const double LargestShareOfMemory = 0.6;

    private static readonly (byte[] Magic, string Name, string Remedy)[] Foreign =
    [
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "xz", "unpack it first: xz -dk"),
        ([0x04, 0x22, 0x4D, 0x18], "lz4", "unpack it first: lz4 -d"),
        ([0x42, 0x5A, 0x68], "bzip2", "unpack it first: bzip2 -dk"),
    ];

    /// <summary>False when the file isn't compressed.</summary>
    /// <exception cref="CannotContinueException">It is damaged, doesn't fit into memory, or is compressed by something else.</exception>
    public static bool TryUnpack(SafeFileHandle file, string path, out SafeFileHandle unpacked)
    {
        unpacked = null!;
        var magic = stackalloc byte[8];
        _ = LibC.pread((int)file.DangerousGetHandle(), magic, 8, 0);
        var start = new ReadOnlySpan<byte>(magic, 8);
        foreach (var (foreign, name, remedy) in Foreign)
            if (start.StartsWith(foreign))
                throw new CannotContinueException($"core '{path}' is compressed by {name}, which hognose does not read", $"{remedy} '{path}'");
        var isGzip = start.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]);
        if (!isGzip && !start.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]))
            return false;
        // Not to be closed with the stream: the caller owns the file.
        using var borrowed = new SafeFileHandle(file.DangerousGetHandle(), ownsHandle: false);
        using var packed = new FileStream(borrowed, FileAccess.Read);
        using Stream stream = isGzip ? new GZipStream(packed, CompressionMode.Decompress) : new DecompressionStream(packed);
        unpacked = Unpack(stream, path, isGzip ? "gzip" : "zstd");
        return true;
    }

    private static SafeFileHandle Unpack(Stream stream, string path, string name)
    {
        var file = MemoryFile(path);
        var length = 0L;
        try
        {
            length = Copy(stream, file, path);
            return LaunchCalls.ftruncate((int)file.DangerousGetHandle(), length) == 0 ? file : throw NoRoom(path, length);
        }
        catch (Exception e) when (e is ZstdException or InvalidDataException or IOException)
        {
            file.Dispose();
            throw new CannotContinueException($"core '{path}' is damaged: its {name} data cannot be unpacked", "get a whole copy of it", e);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <returns>The length, holes at the end included.</returns>
    private static long Copy(Stream stream, SafeFileHandle file, string path)
    {
        var room = (long)Math.Min(AvailableMemory.Now * LargestShareOfMemory, long.MaxValue);
        var piece = new byte[PieceLength];
        var length = 0L;
        int got;
        while ((got = stream.ReadAtLeast(piece, PieceLength, throwOnEndOfStream: false)) > 0)
        {
            if (piece.AsSpan(0, got).ContainsAnyExcept((byte)0))
            {
                room -= got;
                if (room < 0)
                    throw NoRoom(path, length);
                RandomAccess.Write(file, piece.AsSpan(0, got), length);
            }
            length += got;
            if (length > LongestCore)
                throw new CannotContinueException($"core '{path}' unpacks to more than {LongestCore >> 40} TB", "it is no core of a process");
        }
        return length;
    }

    private static SafeFileHandle MemoryFile(string path)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes("hognose-core\0"))
        {
            var descriptor = LaunchCalls.memfd_create(name, LaunchCalls.MemoryFileCloseOnExec);
            return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw NoRoom(path, 0);
        }
    }

    private static CannotContinueException NoRoom(string path, long unpacked) => new(
        $"core '{path}' does not fit into free memory unpacked ({(unpacked >> 20).ToString("N0", CultureInfo.InvariantCulture)} MB so far)",
        "unpack it to a disk, or free memory first");
}
