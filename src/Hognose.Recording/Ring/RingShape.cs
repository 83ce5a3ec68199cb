using Hognose.Formats.Ring;

namespace Hognose.Recording.Ring;

/// <summary>How large the parts of the shared region are. It is sparse: what is never written costs nothing but address space.</summary>
public static unsafe class RingShape
{
    /// <summary>384 KiB: 1.6 ms of the densest stream of events measured (10 million a second). Twice that put the agent beyond 2 MB of RSS on 3.11.</summary>
    private const ulong EventCapacity = 16_384;

    /// <summary>96 MiB of address space.</summary>
    private const ulong NodeCapacity = 8 << 20;

    /// <summary>Bytes.</summary>
    private const ulong CodeCapacity = 128 << 20;

    private const ulong EventOffset = RingHeader.SizeInBytes;
    private const ulong NodeOffset = EventOffset + (EventCapacity * AllocationEvent.SizeInBytes);
    private const ulong CodeOffset = NodeOffset + (NodeCapacity * StackNode.SizeInBytes);

    /// <summary>As far as <see cref="Format"/> writes.</summary>
    public const long HeadLength = RingHeader.SizeInBytes;

    public const long RegionLength = (long)(CodeOffset + CodeCapacity);

    /// <summary>Writes the identity at the head of a zeroed region.</summary>
    /// <param name="region">Zeroed, <see cref="RegionLength"/> long.</param>
    /// <param name="nonce">Repeated in the program's environment.</param>
    /// <param name="toolProcessId">Our own.</param>
    /// <param name="room">Not more than <see cref="StackRoom.Whole"/>.</param>
    /// <param name="holdsAtTearDown">The program stands still before CPython takes its heap down, until it is let go.</param>
    /// <param name="familyDescriptor">Of the <see cref="FamilyBoard"/>; 0: only this process is recorded.</param>
    /// <param name="choices">null: CPython's allocations, every one.</param>
    public static void Format(
        byte* region, ulong nonce, int toolProcessId, StackRoom room, bool holdsAtTearDown = false, int familyDescriptor = 0, RecordingChoices? choices = null)
    {
        var ring = (RingHeader*)region;
        ring->Version = RingHeader.CurrentVersion;
        ring->EventSize = AllocationEvent.SizeInBytes;
        ring->RegionLength = (ulong)RegionLength;
        ring->EventOffset = EventOffset;
        ring->EventCapacity = EventCapacity;
        ring->NodeOffset = NodeOffset;
        ring->NodeCapacity = Math.Min(room.Nodes, NodeCapacity);
        ring->CodeOffset = CodeOffset;
        ring->CodeCapacity = Math.Min(room.CodeBytes, CodeCapacity);
        ring->Nonce = nonce;
        ring->ToolProcessId = (uint)toolProcessId;
        ring->FamilyDescriptor = familyDescriptor;
        ring->HoldAtTearDown = holdsAtTearDown ? 1u : 0;
        choices ??= new RecordingChoices();
        ring->Options = choices.Options;
        ring->SampleBytes = (ulong)choices.SampleBytes;
        ring->Magic = RingHeader.MagicValue;
    }

    /// <summary>For a program that runs already: what the agent would ask for is there before it comes.</summary>
    /// <param name="region">Formatted.</param>
    /// <param name="layout">Of its interpreter.</param>
    /// <param name="knowsOurId">False: it is in another PID namespace.</param>
    public static void AnswerBeforehand(byte* region, AgentLayout layout, bool knowsOurId)
    {
        var ring = (RingHeader*)region;
        ring->Origin = RecordingOrigin.Attached;
        ring->IsToolElsewhere = knowsOurId ? 0u : 1;
        ring->Layout = layout;
        Volatile.Write(ref *(uint*)&ring->LayoutState, (uint)LayoutState.Ready);
    }

    /// <summary>An agent that has not begun yet will not any more.</summary>
    public static void Withdraw(byte* region) => Volatile.Write(ref *(uint*)&((RingHeader*)region)->LayoutState, (uint)LayoutState.Refused);

    /// <summary>Nobody follows any more: an agent that finds the ring full stops instead of waiting, one that has not begun will not.</summary>
    public static void AskToStop(byte* region)
    {
        var ring = (RingHeader*)region;
        Volatile.Write(ref ring->StopRequested, 1);
        Interlocked.CompareExchange(ref *(uint*)&ring->LayoutState, (uint)LayoutState.Refused, (uint)LayoutState.Unknown);
    }

    internal static ulong Events => EventCapacity;

    internal static ulong Nodes => NodeCapacity;

    internal static ulong CodeBytes => CodeCapacity;

    internal static AllocationEvent* EventsOf(byte* region) => (AllocationEvent*)(region + EventOffset);

    internal static StackNode* NodesOf(byte* region) => (StackNode*)(region + NodeOffset);

    internal static byte* CodesOf(byte* region) => region + CodeOffset;
}
