namespace Hognose.Cli.Programs;

/// <summary>
/// Tells a mistaken --python ("/bin/sh") before anything runs. An interpreter names an entry of CPython (Py_BytesMain since 3.8) whether it is
/// static or linked to libpython; PyPy names its own. Scripts pass: pyenv's shims and wrappers are scripts.
/// </summary>
internal static class InterpreterFile
{
    private const int ChunkLength = 1 << 20;
    private const int LongestName = 16;

    private static readonly byte[][] Entries = [[.. "Py_BytesMain"u8], [.. "Py_DecodeLocale"u8], [.. "Py_UnixMain"u8], [.. "pypy_main"u8]];
    private static readonly byte[] EveryEntry = [.. "Py_Main"u8];

    /// <summary>What the file can be.</summary>
    public enum Kind
    {
        MayBePython,

        /// <summary>Names Py_Main, but nothing that came with 3.5 (Py_DecodeLocale) or later.</summary>
        TooOld,
        NoPython,
    }

    /// <returns><see cref="Kind.MayBePython"/> also when the file cannot be read: it may still be executed.</returns>
    public static Kind Look(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            return IsElf(file) ? LookForNames(file) : Kind.MayBePython;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return Kind.MayBePython;
        }
    }

    private static bool IsElf(FileStream file)
    {
        Span<byte> magic = stackalloc byte[4];
        return file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == magic.Length && magic.SequenceEqual("\u007fELF"u8);
    }

    // Names of dynamic symbols stand near the beginning: a real interpreter is known after the first chunks.
    private static Kind LookForNames(FileStream file)
    {
        var chunk = new byte[ChunkLength + LongestName];
        var kept = 0;
        var kind = Kind.NoPython;
        while (file.Read(chunk, kept, ChunkLength) is > 0 and var read)
        {
            var text = chunk.AsSpan(0, kept + read);
            foreach (var entry in Entries)
                if (text.IndexOf(entry) >= 0)
                    return Kind.MayBePython;
            if (text.IndexOf(EveryEntry) >= 0)
                kind = Kind.TooOld;
            kept = Math.Min(LongestName, text.Length);
            text[^kept..].CopyTo(chunk); // A name may lie across two chunks.
        }
        return kind;
    }
}
