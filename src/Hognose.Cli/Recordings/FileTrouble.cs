namespace Hognose.Cli.Recordings;

/// <summary>Why a file could not be opened, read or written, in the words of errno.</summary>
internal static class FileTrouble
{
    private const int NoSpace = 28;  // ENOSPC
    private const int QuotaExceeded = 122; // EDQUOT
    private const int ReadOnlyFileSystem = 30; // EROFS
    private const int FileTooLarge = 27; // EFBIG
    private const int BrokenPipe = 32; // EPIPE

    /// <summary>Whoever read our output wants no more of it, as 'head' does: no trouble.</summary>
    public static bool IsClosedPipe(Exception trouble) => trouble is IOException && (trouble.HResult & 0xFFFF) == BrokenPipe;

    public static string Of(Exception trouble) => trouble switch
    {
        FileNotFoundException => "there is no such file",
        DirectoryNotFoundException => "there is no such folder",
        UnauthorizedAccessException => "permission denied",
        PathTooLongException => "the name is too long",
        // .NET keeps errno in HResult where it has no exception of its own.
        IOException io => (io.HResult & 0xFFFF) switch
        {
            NoSpace or 112 => "no space left on the disk", // 112: ERROR_DISK_FULL, to which .NET maps ENOSPC
            QuotaExceeded => "the disk quota is used up",
            ReadOnlyFileSystem => "the file system is read-only",
            FileTooLarge => "the file would be larger than allowed",
            _ => io.Message,
        },
        _ => trouble.Message,
    };
}
