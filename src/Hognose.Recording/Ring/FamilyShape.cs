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
    public static void Format(byte* page, ulong nonce, int toolProcessId, int libraryDescriptor)
    {
        var board = (FamilyBoard*)page;
        board->Version = FamilyBoard.CurrentVersion;
        board->ToolProcessId = (uint)toolProcessId;
        board->Nonce = nonce;
        board->LibraryDescriptor = libraryDescriptor;
        board->Magic = FamilyBoard.MagicValue;
    }

    public static void Offer(byte* page, int place, int regionDescriptor) => Volatile.Write(ref ((FamilyBoard*)page)->RegionDescriptor[place], regionDescriptor);

    /// <summary>Processes that found no region.</summary>
    public static uint Unserved(byte* page) => Volatile.Read(ref ((FamilyBoard*)page)->Unserved);

    /// <summary>Programs that were started with more than could be added to.</summary>
    public static uint Unfitting(byte* page) => Volatile.Read(ref ((FamilyBoard*)page)->Unfitting);

    /// <summary>Who claimed a region; 0 while nobody did.</summary>
    public static int ClaimedBy(byte* region) => (int)Volatile.Read(ref ((RingHeader*)region)->ProcessId);
}
