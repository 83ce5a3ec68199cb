using Hognose.Formats.Alloc;

namespace Hognose.Testing.Recordings;

/// <summary>Recordings that look like real programs, for reports.</summary>
public static class SampleRecordings
{
    private const string Library = "/usr/lib/python3.11";

    /// <summary>A service that loads a file, caches too much, and is asked for a hundred requests.</summary>
    public static RecordingSummary Service()
    {
        var sketch = new RecordingSketch()
            .Held($"<module> /srv/app/main.py:40 > load_rows /srv/app/main.py:12 > loads {Library}/json/__init__.py:346 > decode {Library}/json/decoder.py:337 > raw_decode {Library}/json/decoder.py:353", 148_000_000, 501_000, 0, 0)
            .Held("<module> /srv/app/main.py:41 > Cache.put /srv/app/cache.py:88", 62_000_000, 120_431, 62_000_000, 120_431)
            .Held("<module> /srv/app/main.py:45 > Server.handle /srv/app/server.py:20 > Cache.put /srv/app/cache.py:88", 30_000_000, 60_000, 30_000_000, 60_000)
            .Held("<module> /srv/app/main.py:45 > Server.handle.<locals>.reply /srv/app/server.py:31", 9_400_000, 12_000)
            .Held($"<module> /srv/app/main.py:3 > _find_and_load <frozen importlib._bootstrap>:1176 > get_code <frozen importlib._bootstrap_external>:1016 > _compile_bytecode <frozen importlib._bootstrap_external>:729", 4_100_000, 41_000, 3_900_000, 40_021)
            .Held($"<module> /srv/app/main.py:5 > <module> /srv/venv/lib/python3.11/site-packages/a_package_with_a_very_long_name/subpackage/models/generated_definitions.py:2041", 2_100_000, 9_001, 2_099_000, 9_000)
            .Held("<module> /srv/app/main.py:45 > Server.handle /srv/app/server.py:20 > the_function_whose_name_goes_on_and_on_because_somebody_liked_names /srv/app/handlers/orders.py:301", 1_700_000, 3_000, 12_000, 4)
            .Held("", 650_000, 9_120, 410_000, 3_000)
            .Held("walk /srv/app/tree.py:9 > walk /srv/app/tree.py:9 > walk /srv/app/tree.py:7", 300_000, 5_000)
            .Held("<module> /srv/app/main.py:50 > größe /srv/app/straße.py:3", 120_000, 31, 120_000, 31)
            .Held("<module> /srv/app/main.py:51 > <lambda> /srv/app/main.py:51", 90_000, 30)
            .Held("<module> /srv/app/main.py:52", 512, 1, 512, 1)
            .Stack("<module> /srv/app/main.py:45 > Server.handle /srv/app/server.py:22", new StackUsage { TotalBytes = 3_200_000_000, TotalBlocks = 7_100_000, TemporaryBytes = 3_000_000_000, TemporaryBlocks = 6_500_000 });
        var (heap, resident) = (0.6, 9.5);
        for (var i = 0; i <= 210; i++)
        {
            var seconds = i / 100.0;
            heap = i < 10 ? 0.6 + (i * 0.6) : i < 120 ? 6 + ((i - 10) * 1.55) : i < 142 ? 176 + ((i - 120) * 3.1) : i < 150 ? 246 - ((i - 142) * 17) : 100 - ((i - 150) * 0.1);
            resident = Math.Max(heap + 9.5, i > 150 ? resident - 0.6 : resident);
            sketch.Moment(seconds, heap, resident);
        }
        return sketch.Finish(facts => facts with
        {
            CommandLine = ["/srv/venv/bin/python", "main.py", "--port", "8000"],
            Threads = 4,
            Waits = 3,
            WaitedNanoseconds = 812_000,
            ProgramCpuNanoseconds = RecordingSketch.Nanoseconds(2.31),
            ToolCpuNanoseconds = RecordingSketch.Nanoseconds(0.52),
            UnknownFrees = 12,
        });
    }
}
