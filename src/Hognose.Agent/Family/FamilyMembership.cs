using Hognose.Agent.Start;
using Hognose.Formats.Ring;

namespace Hognose.Agent.Family;

/// <summary>
/// Processes that a recorded program starts find the tool by its process id: descriptors would not survive (subprocess closes them), a path need not be
/// there. Where /proc does not lead to the tool (another PID namespace, another user) they are not recorded.
/// </summary>
internal static unsafe class FamilyMembership
{
    public const int PreloadName = 11; // "LD_PRELOAD="

    /// <summary>Ten times what the tool takes between two looks at the board.</summary>
    private const long NapNanoseconds = 10_000_000;

    /// <summary>Five seconds of naps; none when the tool has gone.</summary>
    private const int Rounds = 500;

    /// <param name="agent">Of this process.</param>
    /// <param name="variable">TOOL:DESCRIPTOR:NONCE, all decimal.</param>
    public static bool Join(AgentData* agent, byte* variable)
    {
        var tool = (int)Libc.strtoul(variable, &variable, 10);
        var descriptor = (int)Libc.strtoul(variable + 1, &variable, 10);
        return Join(agent, tool, descriptor, Libc.strtoul(variable + 1, &variable, 10));
    }

    public static bool Join(AgentData* agent, int tool, int descriptor, ulong nonce)
    {
        var family = &agent->Family;
        Leave(family);
        if (!TryMap(family, tool, descriptor))
            return false;
        var board = family->Board;
        if (board->Magic != FamilyBoard.MagicValue || board->Version != FamilyBoard.CurrentVersion || board->Nonce != nonce)
            return false;
        family->ToolProcessId = tool;
        family->Nonce = nonce;
        var text = Text.Append(family->Variable, Text.C("HOGNOSE_FAMILY="u8));
        text = Text.Append(Text.Append(text, (ulong)tool), Text.C(":"u8));
        text = Text.Append(Text.Append(text, (ulong)descriptor), Text.C(":"u8));
        Text.Append(text, nonce);
        WritePath(Text.Append(family->Preload, Text.C("LD_PRELOAD="u8)), tool, board->LibraryDescriptor);
        board->LibraryPath[FamilyBoard.LibraryPathBytes - 1] = 0;
        Text.Append(Text.Append(family->PathPreload, Text.C("LD_PRELOAD="u8)), board->LibraryPath);
        Volatile.Write(ref family->IsOn, 1);
        return true;
    }

    /// <summary>What this process starts from now on is not recorded.</summary>
    public static void Leave(FamilyData* family)
    {
        family->IsOn = 0;
        family->IsForkedChild = 0;
        family->IsParentsRecording = 0;
    }

    /// <summary>A region of our own; null when there is none to be had.</summary>
    public static RingHeader* Claim(FamilyData* family)
    {
        // Another process may be quicker at a place; then the tool puts a new region there.
        for (var round = 0; round < Rounds && FamilyVariables.IsReachable(family); round++)
        {
            for (var place = 0; place < FamilyBoard.Places; place++)
            {
                var ring = Claim(family, Volatile.Read(ref family->Board->RegionDescriptor[place]));
                if (ring != null)
                    return ring;
            }
            Libc.Sleep(NapNanoseconds);
        }
        if (family->Board->IsClosed == 0)
            Interlocked.Increment(ref family->Board->Unserved);
        return null;
    }

    private static RingHeader* Claim(FamilyData* family, int descriptor)
    {
        RingHandle handle;
        handle.Region = descriptor <= 0 ? -1 : Open(family->ToolProcessId, descriptor);
        handle.Library = -1;
        handle.Nonce = family->Nonce;
        if (handle.Region < 0)
            return null;
        var ring = SharedRegion.Claim(handle);
        Libc.close(handle.Region);
        return ring;
    }

    private static bool TryMap(FamilyData* family, int tool, int descriptor)
    {
        var opened = Open(tool, descriptor);
        if (opened < 0)
            return false;
        var place = family->Board;
        var memory = Libc.mmap(place, FamilyBoard.SizeInBytes, Libc.ProtRead | Libc.ProtWrite, Libc.MapShared | (place == null ? 0 : Libc.MapFixed), opened, 0);
        Libc.close(opened);
        if ((nint)memory == -1)
            return false;
        family->Board = (FamilyBoard*)memory;
        return true;
    }

    private static int Open(int tool, int descriptor)
    {
        PathRoom path;
        WritePath(&path.First, tool, descriptor);
        return Libc.open(&path.First, Libc.OpenReadWriteCloseOnExec);
    }

    private static void WritePath(byte* to, int tool, int descriptor)
    {
        to = Text.Append(Text.Append(to, Text.C("/proc/"u8)), (ulong)tool);
        Text.Append(Text.Append(to, Text.C("/fd/"u8)), (ulong)descriptor);
    }
}
