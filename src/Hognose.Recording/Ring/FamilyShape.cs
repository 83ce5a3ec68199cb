using System.Text;
using Hognose.Formats.Ring;

namespace Hognose.Recording.Ring;

/// <summary>The tool's side of a <see cref="FamilyBoard"/>: says where regions are that a new process may claim.</summary>
public static unsafe class FamilyShape
{
    public const long Length = FamilyBoard.SizeInBytes;

    public static int Places => FamilyBoard.Places;

    /// <param name="page">Zeroed, <see cref="Length"/> long.</param>
    /// <param name="nonce">That of all regions.</param>
    /// <param name="toolProcessId">Our own.</param>
    /// <param name="libraryDescriptor">Of the agent, here.</param>
    /// <param name="libraryPath">Of the agent.</param>
    public static void Format(byte* page, ulong nonce, int toolProcessId, int libraryDescriptor, string libraryPath)
    {
        var board = (FamilyBoard*)page;
        board->Version = FamilyBoard.CurrentVersion;
        board->ToolProcessId = (uint)toolProcessId;
        board->Nonce = nonce;
        board->LibraryDescriptor = libraryDescriptor;
        if (CanStandInVariable(libraryPath))
            Encoding.ASCII.GetBytes(libraryPath, new Span<byte>(board->LibraryPath, FamilyBoard.LibraryPathBytes));
        board->Magic = FamilyBoard.MagicValue;
    }

    /// <summary>Spaces and colons part the paths of LD_PRELOAD, the loader replaces what follows a dollar, and a shell is told of it without quotes.</summary>
    private static bool CanStandInVariable(string path) =>
        path.Length < FamilyBoard.LibraryPathBytes && path.StartsWith('/') && path.EndsWith(FamilyBoard.LibraryName, StringComparison.Ordinal)
        && path.All(character => char.IsAsciiLetterOrDigit(character) || "/._-+@".Contains(character, StringComparison.Ordinal));

    public static void Offer(byte* page, int place, int regionDescriptor) => Volatile.Write(ref ((FamilyBoard*)page)->RegionDescriptor[place], regionDescriptor);

    /// <summary>No process is served any more, and none waits to be.</summary>
    public static void Close(byte* page) => Volatile.Write(ref ((FamilyBoard*)page)->IsClosed, 1);

    /// <summary>Takes a region back. Returns who claimed it before; 0: nobody did, and nobody can now.</summary>
    public static int TakeBack(byte* region) => (int)Interlocked.CompareExchange(ref ((RingHeader*)region)->ProcessId, (uint)Environment.ProcessId, 0);

    /// <summary>Processes that found no region.</summary>
    public static uint Unserved(byte* page) => Volatile.Read(ref ((FamilyBoard*)page)->Unserved);

    /// <summary>Programs that were started with more than could be added to.</summary>
    public static uint Unfitting(byte* page) => Volatile.Read(ref ((FamilyBoard*)page)->Unfitting);

    /// <summary>Who claimed a region; 0 while nobody did.</summary>
    public static int ClaimedBy(byte* region) => (int)Volatile.Read(ref ((RingHeader*)region)->ProcessId);

    /// <summary>Who started the process that claimed it; 0: it has not said yet.</summary>
    public static int ParentOfClaimer(byte* region) => (int)Volatile.Read(ref ((RingHeader*)region)->ParentProcessId);
}
