namespace Hognose.Cli.Programs;

/// <summary>
/// Tells a mistaken --python ("/bin/sh") before anything runs. An interpreter names an entry of CPython (Py_BytesMain since 3.8) whether it is
/// static or linked to libpython; PyPy names its own. Scripts pass: pyenv's shims and wrappers are scripts.
/// </summary>
internal static class InterpreterFile
{
    private const int ChunkLength = 1 << 20;
    private const int LongestName = 16;

    private static readonly byte[][] Entries =
        [[.. "Py_BytesMain"u8], [.. "Py_Main"u8], [.. "Py_UnixMain"u8], [.. "Py_Initialize"u8], [.. "pypy_main"u8]];

    /// <returns>true also when the file cannot be read: it may still be executed.</returns>
    public static bool MayBePython(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            return !IsElf(file) || HoldsName(file);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static bool IsElf(FileStream file)
    {
        Span<byte> magic = stackalloc byte[4];
        return file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == magic.Length && magic.SequenceEqual("\u007fELF"u8);
    }

    // Names of dynamic symbols stand near the beginning: a real interpreter is known after the first chunks.
    private static bool HoldsName(FileStream file)
    {
        var chunk = new byte[ChunkLength + LongestName];
        var kept = 0;
        while (file.Read(chunk, kept, ChunkLength) is > 0 and var read)
        {
            var text = chunk.AsSpan(0, kept + read);
            foreach (var entry in Entries)
                if (text.IndexOf(entry) >= 0)
                    return true;
            kept = Math.Min(LongestName, text.Length);
            text[^kept..].CopyTo(chunk); // A name may lie across two chunks.
        }
        return false;
    }
}
