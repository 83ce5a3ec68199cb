using System.Buffers.Binary;
using System.Globalization;
using Hognose.Formats.Alloc;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Native;

/// <summary>C code hooked in a program that runs already, and left as it was found.</summary>
public class NativeAttachTests
{
    /// <summary>As in native.c: what one call takes and leaves behind (<see cref="NativeAllocationTests"/>).</summary>
    private const long TakenBytes = 1000 * (104 + 200 + 312 + 40 + 56 + 24 + 1000 + 24);

    private const string Program = """
        import ctypes, sys
        lib = ctypes.CDLL(sys.argv[1])
        lib.take.restype = ctypes.c_long
        def taking(): return lib.take()
        print("ready", flush=True)
        for line in sys.stdin:
            exec(line)
            print("ready", flush=True)
        """;

    [Theory, InlineData("3.8"), InlineData("3.11 static"), InlineData("3.15")]
    public void What_C_code_allocates_while_attached_is_recorded_and_no_slot_leads_to_us_afterwards(string name)
    {
        using var folder = new TemporaryFolder();
        using var program = TargetProgram.StartText(Interpreters.Find(name), Program, CompiledLibrary.Compile(folder, "native.c"));
        var before = 0;
        Record(program, folder, "pass");
        before = PointersToAgent(program);

        Record(program, folder, "taking()", "--native-allocations");

        Assert.Equal(before, PointersToAgent(program));
        using var stream = File.OpenRead(folder.At("x.alloc"));
        var native = new NativeRecording(default, AllocReader.Read(stream, "x.alloc"));
        Assert.Equal(TakenBytes, native.Of("taking").TotalBytes);
        Assert.Equal((true, 0, 0), (native.Recording.Facts.NativeAllocations, native.Recording.Facts.DuplicateAllocations, native.Recording.Facts.UnhookedSlots));
        program.Ask("taking()");
        Assert.Equal((0, "", ""), program.Finish());

        void Record(TargetProgram program, TemporaryFolder folder, string line, params string[] options)
        {
            var pid = program.Pid.ToString(CultureInfo.InvariantCulture);
            using var tool = BuiltTool.Start(["attach", pid, "-o", folder.At("x.alloc"), .. options]);
            Assert.StartsWith("hognose: attached to pid", tool.StandardError.ReadLine(), StringComparison.Ordinal);
            // A library's own slots, malloc's of libc, dlsym's of the interpreter …
            if (options.Length > 0)
                Assert.InRange(PointersToAgent(program), before + 20, int.MaxValue);
            program.Ask(line);
            Assert.Equal(0, BuiltTool.Run("detach", pid).ExitCode);
            Assert.True(tool.WaitForExit(TimeSpan.FromMinutes(1)));
        }
    }

    /// <summary>Words in the data of libraries, the agent's own apart, that lead into the agent's code.</summary>
    private static int PointersToAgent(TargetProgram program)
    {
        var maps = File.ReadAllLines($"/proc/{program.Pid}/maps").Select(line => line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries)).Where(each => each.Length == 6).ToList();
        var agent = maps.Where(each => each[5].StartsWith("/memfd:hognose", StringComparison.Ordinal) && each[1].Contains('x', StringComparison.Ordinal)).Select(RangeOf).ToList();
        var count = 0;
        using var memory = File.OpenRead($"/proc/{program.Pid}/mem");
        foreach (var map in maps.Where(each => each[5].StartsWith('/') && !each[5].StartsWith("/memfd:", StringComparison.Ordinal) && each[1] is "rw-p" or "r--p"))
        {
            var (start, end) = RangeOf(map);
            var bytes = new byte[end - start];
            memory.Position = start;
            memory.ReadExactly(bytes);
            for (var at = 0; at < bytes.Length; at += 8)
            {
                var word = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));
                count += agent.Exists(range => word >= range.Start && word < range.End) ? 1 : 0;
            }
        }
        return count;
    }

    private static (long Start, long End) RangeOf(string[] map)
    {
        var ends = map[0].Split('-');
        return (long.Parse(ends[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), long.Parse(ends[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
