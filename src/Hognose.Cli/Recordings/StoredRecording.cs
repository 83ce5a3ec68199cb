using Hognose.Diagnostics;
using Hognose.Formats.Alloc;

namespace Hognose.Cli.Recordings;

/// <summary>A recording that is read from a file.</summary>
internal static class StoredRecording
{
    /// <exception cref="CannotContinueException">It cannot be read, or is none.</exception>
    public static RecordingSummary Read(string path)
    {
        try
        {
            if (Directory.Exists(path))
                throw new CannotContinueException($"'{path}' is a folder", "give a file that 'hognose run' wrote (*.alloc)");
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 64 * 1024);
            return AllocReader.Read(file, path);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new CannotContinueException($"cannot read '{path}': {FileTrouble.Of(trouble)}", "give a file that 'hognose run' wrote (*.alloc)", trouble);
        }
    }
}
