using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Births;

/// <summary>A heap that is looked at while another hognose records the program: both know of each other.</summary>
public sealed class RecordedProgramTests
{
    /// <summary>As in <see cref="AttachObjectsTests"/>; and a child of the same kind.</summary>
    private const string Program = """
        import os, sys, threading
        class Page: pass
        class A: pass
        class B: pass
        PAGES = []
        stop = []
        def make_a(): return A()
        def make_b(): return B()
        def churn(make):
            kept = []
            while not stop:
                kept.append(make())
                if len(kept) > 2000: del kept[:1500]
        def grow(count):
            for _ in range(count): PAGES.append(Page())
        until, end = os.pipe()
        child = os.fork()
        if child == 0:
            grow(700)
            print("child", os.getpid(), flush=True)
            os.close(end)
            os.read(until, 1)
            os._exit(4)
        os.close(until)
        threads = [threading.Thread(target=churn, args=(make,)) for make in (make_a, make_b)]
        for thread in threads: thread.start()
        grow(3000)
        print("program", os.getpid(), flush=True)
        sys.stdin.readline()
        stop.append(1)
        for thread in threads: thread.join()
        os.close(end)
        print(os.waitpid(child, 0)[1] >> 8, flush=True)
        """;

    /// <summary>Comes to rest with an allocation.</summary>
    private const string AtRest = """
        import os, sys, threading
        class Page: __slots__ = ()
        PAGES = [None] * 3
        stop = []
        def listen():
            sys.stdin.readline()
            stop.append(1)
        def grow():
            PAGES[0] = Page(); PAGES[1] = Page(); PAGES[2] = Page()
            while not stop: pass
        thread = threading.Thread(target=listen)
        thread.start()
        print("program", os.getpid(), flush=True)
        grow()
        print(4)
        """;

    [Theory, ClassData(typeof(AllInterpreters))]
    public void What_a_program_did_last_is_known_too(string name)
    {
        using var folder = new TemporaryFolder();
        using var tool = Start(name, folder, AtRest, processes: 1, out var pids);
        Assert.Equal((3, "grow", 3), BirthsOf.Type(pids["program"], "Page"));
        Assert.Equal((3, "grow", 3), BirthsOf.Type(pids["program"], "Page"));
        AssertEnds(tool, folder);
    }

    [Theory, ClassData(typeof(AllInterpreters))]
    public void Who_looks_is_told_by_who_records_where_objects_were_allocated(string name)
    {
        using var folder = new TemporaryFolder();
        using var tool = Start(name, folder, Program, processes: 2, out var pids);
        var snapshot = BuiltTool.Run("snapshot", pids["program"], "-o", folder.At("x.heap"));
        Assert.True(snapshot.ExitCode == 0, snapshot.Errors);
        Assert.Contains(" where they were allocated, and when: the program is being recorded\n", snapshot.Errors, StringComparison.Ordinal);

        Assert.Equal((3000, "grow", 3000), BirthsOf.Type(folder.At("x.heap"), "Page"));
        Assert.Equal((3000, "grow", 3000), BirthsOf.Type(pids["program"], "Page"));
        Assert.Equal((700, "grow", 700), BirthsOf.Type(pids["child"], "Page"));
        BirthsOf.AssertNotMixedUp(folder.At("x.heap"));
        AssertEnds(tool, folder);
    }

    /// <summary>Whoever connects: the recording goes on, and the next is answered.</summary>
    [Fact]
    public void Who_asks_for_nonsense_or_says_nothing_is_let_go()
    {
        using var folder = new TemporaryFolder();
        using var tool = Start("3.11", folder, Program, processes: 2, out var pids);
        var address = AddressOf(tool.Id);
        foreach (var said in (string[])["", "send\n", "note\n", "note 1\n", "note -1\n", "note 99999999999\n", new string('x', 100_000), "note " + pids["program"] + "\nsend\n", "\0\n\n"])
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(address);
            try
            {
                socket.Send(Encoding.Latin1.GetBytes(said));
            }
            catch (SocketException)
            {
                // It is let go in the middle of too much.
            }
        }
        Assert.Equal((3000, "grow", 3000), BirthsOf.Type(pids["program"], "Page"));
        AssertEnds(tool, folder);
    }

    private static Process Start(string name, TemporaryFolder folder, string program, int processes, out Dictionary<string, string> pids)
    {
        var tool = BuiltTool.Start(["run", "-q", "-o", folder.At("x.alloc"), "--python", Interpreters.Find(name).Executable, "-c", program]);
        pids = Enumerable.Range(0, processes).Select(_ => tool.StandardOutput.ReadLine()!.Split(' ')).ToDictionary(words => words[0], words => words[1]);
        return tool;
    }

    private static void AssertEnds(Process tool, TemporaryFolder folder)
    {
        tool.StandardInput.WriteLine();
        tool.StandardInput.Close();
        Assert.Equal("4\n", tool.StandardOutput.ReadToEnd());
        Assert.True(tool.WaitForExit(TimeSpan.FromMinutes(1)));
        Assert.Equal("", tool.StandardError.ReadToEnd());
        var recorded = ToolJson.Of("show", folder.At("x.alloc"), "--json");
        Assert.Equal(0, recorded.GetProperty("recorder").GetProperty("lost_events").GetInt64());
    }

    /// <summary>As the kernel lists the sockets of a process.</summary>
    private static UnixDomainSocketEndPoint AddressOf(int tool)
    {
        var mark = string.Create(CultureInfo.InvariantCulture, $" @hognose-{tool}-");
        var line = File.ReadAllLines("/proc/net/unix").First(each => each.Contains(mark, StringComparison.Ordinal));
        return new UnixDomainSocketEndPoint("\0" + line[(line.IndexOf('@', StringComparison.Ordinal) + 1)..]);
    }

}
