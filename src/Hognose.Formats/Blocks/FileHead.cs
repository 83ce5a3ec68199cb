using System.Buffers.Binary;
using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Formats.Heap;

namespace Hognose.Formats.Blocks;

/// <summary>The first 16 bytes of a file of blocks: magic, version, checksum.</summary>
internal static class FileHead
{
    public static void Write(Stream file, ReadOnlySpan<byte> magic, uint version)
    {
        Span<byte> head = stackalloc byte[BlockFormat.HeadLength];
        magic.CopyTo(head);
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], version);
        BinaryPrimitives.WriteUInt32LittleEndian(head[12..], Checksum.Of(head[..12]));
        file.Write(head);
    }

    /// <param name="file">At its beginning.</param>
    /// <param name="fileName">For messages.</param>
    /// <param name="magic">That the file must begin with.</param>
    /// <param name="version">The only one that is read.</param>
    /// <param name="words">For messages.</param>
    /// <exception cref="CannotContinueException">Empty, cut short, damaged, of another version or kind.</exception>
    public static void Check(Stream file, string fileName, ReadOnlySpan<byte> magic, uint version, FileWords words)
    {
        Span<byte> head = stackalloc byte[BlockFormat.HeadLength];
        var length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (length == 0)
            throw new CannotContinueException($"'{fileName}' is empty", $"hognose was killed before it could write the {words.Kind}, or the disk was full: {words.Again}");
        var known = magic[..Math.Min(length, magic.Length)];
        if (!head[..known.Length].SequenceEqual(known))
            throw OfAnotherKind(head) is { } other
                ? new CannotContinueException($"'{fileName}' is no {words.Kind} of hognose, but a {other.Kind}", $"'{other.Command}' and others tell of it; here, give {words.Origin}")
                : new CannotContinueException($"'{fileName}' is no {words.Kind} of hognose", $"give {words.Origin}");
        if (length < head.Length)
            throw new CannotContinueException($"'{fileName}' ends early, at byte {length}: it was cut short, or hognose was killed while it wrote", words.Again);
        if (BinaryPrimitives.ReadUInt32LittleEndian(head[12..]) != Checksum.Of(head[..12]))
            throw new CannotContinueException($"'{fileName}' is damaged at byte 8: the head of the file does not hold", words.Remedy);
        CheckVersion(BinaryPrimitives.ReadUInt32LittleEndian(head[8..]), version, fileName, words);
    }

    private static FileWords? OfAnotherKind(ReadOnlySpan<byte> head) =>
        head.StartsWith(AllocFormat.Magic) ? AllocFormat.Words : head.StartsWith(HeapFormat.Magic) ? HeapFormat.Words : null;

    private static void CheckVersion(uint version, uint current, string fileName, FileWords words)
    {
        if (version > current)
            throw new CannotContinueException(
                $"'{fileName}' was written by a newer hognose (format {version}; this one reads {current})", "use that version of hognose to show it");
        if (version != current)
            throw new CannotContinueException($"'{fileName}' has format {version}, which never was", words.Again);
    }
}
