using Hognose.Formats.Alloc;
using Hognose.Testing.Recordings;

namespace Hognose.Formats.Tests.Alloc;

public class AllocGoldenTests
{
    /// <summary>The committed file was written on 2026-11-22; no later version may fail to read it or write this file anew.</summary>
    [Fact]
    public void The_first_file_of_format_1_stays_readable()
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Golden", "format-1.alloc"));
        Assert.Null(RecordingEquality.Difference(Recordings.Small(), AllocReader.Read(file, "format-1.alloc")));
    }
}
