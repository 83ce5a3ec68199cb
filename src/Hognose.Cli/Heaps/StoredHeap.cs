using Hognose.Cli.Recordings;
using Hognose.Diagnostics;
using Hognose.Formats.Heap;

namespace Hognose.Cli.Heaps;

/// <summary>A snapshot that is read from a file.</summary>
internal static class StoredHeap
{
    private const string Remedy = "give a file that 'hognose snapshot' wrote (*.heap)";

    /// <summary>False also for what cannot be read.</summary>
    public static bool BeginsAsOne(string path) => FileKind.BeginsWith(path, HeapFormat.Magic);

    /// <param name="path">Of the file.</param>
    /// <param name="trouble">Receives what could not be read when the snapshot was taken, and what of the file is damaged.</param>
    /// <param name="columns">That are asked for, of those that can be left out.</param>
    /// <param name="work">Is told how far it is read.</param>
    /// <exception cref="CannotContinueException">It cannot be read, or is none.</exception>
    public static HeapFile Read(string path, DiagnosticBag trouble, HeapColumns columns, IWorkSteps work)
    {
        try
        {
            var damage = new List<string>();
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1 << 20);
            var file = HeapFileReader.Read(stream, path, damage, columns, work.Part);
            foreach (var (id, count) in file.Trouble)
                trouble.Add(id, damage.Count > 0 && id is "HG0401" or "HG0402" ? damage[0] : "noted when the snapshot was taken", count);
            return file;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CannotContinueException($"cannot read '{path}': {FileTrouble.Of(failure)}", Remedy, failure);
        }
    }
}
