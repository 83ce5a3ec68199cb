using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hognose.Diagnostics;
using Hognose.Targets.Elf;
using Hognose.Targets.Freezing;
using Hognose.Targets.Launch;
using Hognose.Targets.Native;
using Hognose.Targets.Processes;
using Microsoft.Win32.SafeHandles;

namespace Hognose.Targets.Attach;

/// <summary>
/// Brings the agent's library and a region of shared memory into a process that runs already, and has the agent asked there. Both are files without a
/// name that the process itself makes, so that neither paths nor namespaces matter; what it is made to call is told in
/// <see cref="InjectedCall"/> and <see cref="InjectedFunction"/>.
/// </summary>
public sealed class AgentDelivery
{
    private const string RegionName = "hognose";
    private const string EntryName = "hognose_agent_ask";
    private const ulong LoadNow = 2;
    private const ulong CloseOnExec = 1;
    private const ulong Executable = 0x10;
    private const int InvalidArgument = 22;

    /// <summary>Another program's main thread may stay in C code for long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LongestClose = TimeSpan.FromSeconds(2);

    private readonly TargetProcess _process;
    private readonly CallPlaces _places;
    private readonly AgentLibrary _library;
    private readonly Limits _limits;
    private readonly MainThread _thread;
    private readonly ulong _load;
    private readonly ErrnoPlace _errno;
    private readonly string _name;

    private AgentDelivery(TargetProcess process, CallPlaces places, AgentLibrary library, Limits limits, MainThread thread, ulong load, ErrnoPlace errno)
    {
        _process = process;
        _places = places;
        _library = library;
        _limits = limits;
        _thread = thread;
        _load = load;
        _errno = errno;
        _name = "hognose-agent-" + Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(library.Path)))[..12];
    }

    /// <exception cref="CannotContinueException">This process must not be made to call anything.</exception>
    public static AgentDelivery Prepare(TargetProcess process, CallPlaces places, AgentLibrary library, Limits limits) =>
        Prepare(process, places, library, limits, null);

    /// <summary>For a test, too, which says at which step we die.</summary>
    internal static AgentDelivery Prepare(TargetProcess process, CallPlaces places, AgentLibrary library, Limits limits, Func<CallStep, bool>? diesAt)
    {
        var mappings = process.ReadMappings(limits);
        var stack = mappings.FirstOrDefault(mapping => mapping.Path == "[stack]");
        var code = default(CallInstructions);
        var status = process.ReadStatus();
        var trouble = status switch
        {
            { IsFiltered: true } => "a seccomp filter judges its system calls, and might end it for one of ours",
            { HasShadowStack: true } => "it has a shadow stack (CET)",
            { State: 'T' or 't' } => "it is stopped by a signal",
            _ when stack.Length == 0 => "its stack is not where the kernel put it",
            _ when !CallInstructions.TryFind(process, mappings, out code) || !code.IsStillThere(process.Memory) => "its libc is not to be found",
            _ => "",
        };
        if (trouble.Length > 0)
            throw Refused(process, trouble, status.State is 'T' or 't' ? "let it go on first (kill -CONT)" : "start it with 'hognose run'");
        var images = LoadedImage.Find(mappings);
        var load = FindLoad(process, images);
        if (!ErrnoPlace.TryFind(process.Memory, images, out var errno))
            throw Refused(process, "its libc keeps errno in a way that is not known", "start it with 'hognose run'");
        var thread = new MainThread(process, code, stack) { DiesAt = diesAt };
        return new AgentDelivery(process, places, library, limits, thread, load, errno);
    }

    /// <summary>A file without a name that the process made and that is mapped here; the number is the descriptor there.</summary>
    public (SharedMemoryFile Region, int Descriptor) CreateRegion(long length) => TracerThread.Run(() =>
    {
        var descriptor = MakeFile(RegionName, 0);
        try
        {
            return (SharedMemoryFile.Of(HandedFile.Take(_process, descriptor, RegionName), length), descriptor);
        }
        catch
        {
            CloseThere(descriptor, RegionName);
            throw;
        }
    });

    /// <summary>A region that the agent is not going to be asked to take.</summary>
    public void TakeBack(int region) => _ = TracerThread.Run(() =>
    {
        CloseThere(region, RegionName);
        return 0;
    });

    /// <summary>Calls the agent in the process, and before it the loader if it is not there.</summary>
    /// <param name="wish">What for.</param>
    /// <param name="region">The descriptor there; -1 for none. It is closed there.</param>
    /// <param name="nonce">As written into the region.</param>
    /// <param name="isAnswered">Whether the agent's answer is a final one.</param>
    /// <exception cref="CannotContinueException">It was not to be had.</exception>
    public void Ask(AgentWish wish, int region, ulong nonce, Func<bool> isAnswered) => _ = TracerThread.Run(() =>
    {
        var library = -1;
        try
        {
            var agent = FindAgent();
            if (agent is null)
                SendLibrary(out library);
            var isDone = _thread.Try(Patience, registers =>
            {
                var place = _places.Of(registers);
                if (place == CallPlace.Unsuitable)
                    return false;
                using var errno = new KeptErrno(_process, _errno, registers.FsBase);
                agent ??= Load(library);
                if (agent is not { } entry)
                    return false;
                var call = _thread.Function();
                var isBack = call.TryCall(entry, [], (ulong)wish, (ulong)place, (ulong)region, (ulong)library, nonce);
                if (isBack || call.IsLeftRunning)
                    (region, library) = (-1, -1);
                if (call.Fault != 0)
                    throw new CannotContinueException($"the agent failed in {_process.Display} (signal {call.Fault}), which goes on without it", "report it please, with the Python's version");
                return call.IsLeftRunning || (isBack && isAnswered());
            });
            return isDone ? 0 : throw Refused(_process, $"its main thread was at no suitable place for {Patience.TotalSeconds} s (it stays in C code)", "try again");
        }
        finally
        {
            CloseThere(region, RegionName);
            CloseThere(library, _name);
        }
    });

    /// <summary>What nobody took over there; a system call can be made at nearly every place. Behind a number that was closed may stand a file of the program's.</summary>
    private void CloseThere(int descriptor, string name)
    {
        try
        {
            if (descriptor >= 0)
                _ = _thread.Try(LongestClose, _ => !HandedFile.IsStillThere(_process.Id, descriptor, name)
                    || _thread.Call([]).TryMake(InjectedCall.Close, (ulong)descriptor, 0, 0, 0));
        }
        catch (CannotContinueException)
        {
            // It has ended, or is held by another now: why we are here is told already.
        }
    }

    /// <summary>An agent of this very build that is loaded there from an earlier time.</summary>
    private ulong? FindAgent()
    {
        var image = LoadedImage.Find(_process.ReadMappings(_limits)).FirstOrDefault(each => each.Path == "/memfd:" + _name);
        return image is not null && ElfImage.TryOpen(_process.Memory, image.Start, out var elf) && elf.TryFindSymbol(EntryName, out var entry)
            ? entry.Address.Value
            : null;
    }

    /// <param name="descriptor">There, of a copy of the library; known also when the copy failed.</param>
    private void SendLibrary(out int descriptor)
    {
        descriptor = MakeFile(_name, Executable);
        using var own = new SafeFileHandle(HandedFile.Take(_process, descriptor, _name), ownsHandle: true);
        using var copy = new FileStream(own, FileAccess.Write);
        using var original = File.OpenRead(_library.Path);
        original.CopyTo(copy);
    }

    private ulong? Load(int descriptor)
    {
        var path = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{descriptor}\0"));
        var call = _thread.Function();
        if (!call.TryCall(_load, path, InjectedFunction.DataAddress, LoadNow, 0, 0, 0))
            return null;
        return FindAgent() ?? throw Refused(_process, "its loader refused the agent (dlopen failed)", "start it with 'hognose run'");
    }

    private int MakeFile(string name, ulong flags)
    {
        var made = long.MinValue;
        var isMade = _thread.Try(Patience, _ =>
        {
            var call = _thread.Call(Encoding.ASCII.GetBytes(name + '\0'));
            var isBack = call.TryMake(InjectedCall.CreateMemoryFile, InjectedCall.DataAddress, CloseOnExec | flags, 0, 0);
            made = call.Result;
            // Kernels before 6.3 don't know the flag, and need none.
            if (isBack && made == -InvalidArgument && flags != 0)
                flags = 0;
            else
                return isBack;
            return false;
        });
        return isMade && made >= 0
            ? (int)made
            : throw Refused(_process, made < 0 && isMade ? $"it can make no file in memory ({Errno.Describe((int)-made)})" : "its main thread was not to be had", "try again");
    }

    private static ulong FindLoad(TargetProcess process, IReadOnlyList<LoadedImage> images)
    {
        if (images.Any(image => image.FileName.StartsWith("ld-musl", StringComparison.Ordinal) || image.FileName.StartsWith("libc.musl", StringComparison.Ordinal)))
            throw Refused(process, "its C library is musl, and only glibc is supported", "start it on a system with glibc");
        foreach (var image in images.Where(each => each.FileName.StartsWith("libc", StringComparison.Ordinal) || each.FileName.StartsWith("libdl", StringComparison.Ordinal)))
            if (ElfImage.TryOpen(process.Memory, image.Start, out var elf) && elf.TryFindSymbol("dlopen", out var load))
                return load.Address.Value;
        throw Refused(process, "it is linked without a loader of libraries (no dlopen)", "start a dynamically linked Python");
    }

    private static CannotContinueException Refused(TargetProcess process, string reason, string remedy) =>
        new($"{process.Display} cannot be attached to: {reason}", remedy);
}
