using System.IO.Compression;

namespace Hognose.WheelMaker;

/// <summary>The zip file. The same entries give the same bytes.</summary>
internal static class WheelArchive
{
    private const int RegularFile = 0x8000;
    private const int ReadableByAll = 0x1A4; // 0644
    private const int ExecutableByAll = 0x1ED; // 0755

    /// <summary>The earliest that a zip file can name.</summary>
    private static readonly DateTimeOffset OneTimeForAll = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Returns the path of the file, which is replaced when whole.</summary>
    public static string Write(Wheel wheel, string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, wheel.FileName);
        var unfinished = path + ".new";
        using (var zip = new ZipArchive(File.Create(unfinished), ZipArchiveMode.Create))
        {
            foreach (var entry in wheel.Entries)
                Add(zip, entry);
        }
        File.Move(unfinished, path, overwrite: true);
        return path;
    }

    private static void Add(ZipArchive zip, WheelEntry entry)
    {
        var file = zip.CreateEntry(entry.Path, CompressionLevel.SmallestSize);
        file.LastWriteTime = OneTimeForAll;
        file.ExternalAttributes = (RegularFile | (entry.IsExecutable ? ExecutableByAll : ReadableByAll)) << 16;
        using var stream = file.Open();
        stream.Write(entry.Content);
    }
}
