namespace Hognose.Agent.Stacks;

/// <summary>What is remembered of one thread state: its index in events and the chain of frames its last event had.</summary>
internal unsafe struct ThreadRecord
{
    public const int HintCount = 256;

    public nint ThreadState;
    public ThreadRecord* Next;
    public ushort Index;

    /// <summary>The last chain, outermost first, after a place that is all zeros: no frame. Valid only while <see cref="CodeEpoch"/> is the agent's.</summary>
    public RememberedFrame* Chain;
    public int Depth;
    public int Capacity;

    /// <summary>
    /// The chain's last entry, or <see cref="NoFrame"/> while the chain is empty or not valid: so an event asks neither. Of the thread of the last event
    /// (<see cref="AgentData.LastThread"/>) it is right at any time, of another's from <see cref="ThreadTable.Find"/> on.
    /// </summary>
    public RememberedFrame* Innermost;

    /// <summary>Its address is odd, which no frame's is, nor 0.</summary>
    public RememberedFrame NoFrame;

    /// <summary>0, which the agent's never is, while the chain is empty.</summary>
    public uint CodeEpoch;

    /// <summary>Where in the chain a frame address was last put, by a hash of the address: a guess, always verified.</summary>
    public fixed ushort Hints[HintCount];
}

internal struct RememberedFrame
{
    public nint Frame;

    /// <summary>The raw instruction field: an address (3.11+) or an index.</summary>
    public long Instruction;
    public nint Code;

    /// <summary>The trie node of the stack that ends with this frame.</summary>
    public uint Node;

    /// <summary>How many entries before this one have frames in the same page of memory, one after the other (<see cref="StackWalk"/>).</summary>
    public uint Neighbours;
}

internal unsafe struct ThreadTableData
{
    public const int BucketCount = 256;

    /// <summary>Heads of chains of records; an array of pointers in a fixed buffer of words.</summary>
    public fixed ulong Buckets[BucketCount];
    public ThreadRecord* Retired;
    public uint Count;

    /// <summary>Frames of the walk under way that the chain does not have yet, innermost first.</summary>
    public nint* Pending;
    public int PendingCapacity;
}

/// <summary>Thread states by address. The caller holds the lock.</summary>
internal static unsafe class ThreadTable
{
    /// <summary>Threads beyond this share the last index.</summary>
    private const uint LastIndex = ushort.MaxValue;

    /// <summary>The record of a thread state, 0 included; null when there is no memory.</summary>
    public static ThreadRecord* Find(AgentData* agent, nint threadState, out bool isNew)
    {
        isNew = false;
        var bucket = Bucket(agent, threadState);
        for (var record = *bucket; record != null; record = record->Next)
        {
            if (record->ThreadState == threadState)
            {
                if (record->CodeEpoch != agent->CodeEpoch)
                    record->Innermost = &record->NoFrame;
                Remember(agent, threadState, record);
                return record;
            }
        }
        isNew = true;
        return Add(agent, threadState, bucket);
    }

    /// <summary>A block is freed in the raw domain, where thread states live: forget the thread if it is one.</summary>
    public static void Retire(AgentData* agent, nint address)
    {
        var link = Bucket(agent, address);
        while (*link != null && (*link)->ThreadState != address)
            link = &(*link)->Next;
        var record = *link;
        if (record == null || address == 0)
            return;
        *link = record->Next;
        record->Next = agent->Threads.Retired;
        agent->Threads.Retired = record;
        if (agent->LastThread == record)
            Forget(agent);
    }

    /// <summary>A recording is over: what the next one sees of a thread is news again.</summary>
    public static void RetireAll(AgentData* agent)
    {
        for (var bucket = 0; bucket < ThreadTableData.BucketCount; bucket++)
        {
            for (var record = (ThreadRecord*)agent->Threads.Buckets[bucket]; record != null;)
            {
                var next = record->Next;
                record->Next = agent->Threads.Retired;
                agent->Threads.Retired = record;
                record = next;
            }
            agent->Threads.Buckets[bucket] = 0;
        }
        agent->Threads.Count = 0;
        Forget(agent);
    }

    private static ThreadRecord** Bucket(AgentData* agent, nint threadState) =>
        (ThreadRecord**)&agent->Threads.Buckets[(((ulong)threadState >> 4) * 0x9E3779B97F4A7C15) >> 56];

    private static ThreadRecord* Add(AgentData* agent, nint threadState, ThreadRecord** bucket)
    {
        var record = agent->Threads.Retired;
        if (record != null)
            agent->Threads.Retired = record->Next;
        else
            record = (ThreadRecord*)PrivateMemory.Piece((nuint)sizeof(ThreadRecord));
        if (record == null)
            return null;
        var count = agent->Threads.Count;
        record->ThreadState = threadState;
        record->Index = (ushort)(count < LastIndex ? count : LastIndex);
        record->Depth = 0;
        record->CodeEpoch = 0;
        record->NoFrame.Frame = 1;
        record->Innermost = &record->NoFrame;
        record->Next = *bucket;
        *bucket = record;
        agent->Threads.Count = count + 1;
        Remember(agent, threadState, record);
        return record;
    }

    /// <summary>The thread of the last event: the next one is mostly of the same. Never a thread without a state, which has no stack to look at.</summary>
    private static void Remember(AgentData* agent, nint threadState, ThreadRecord* record)
    {
        if (threadState == 0)
            return;
        agent->SeenThreadState = threadState;
        // With C frames every event takes the way of another thread's, so that the short way need not ask whether they are wanted.
        if (agent->Unwind.IsOn != 0)
            return;
        agent->LastThreadState = threadState;
        agent->LastThread = record;
    }

    /// <summary>No thread state is at an odd address.</summary>
    public static void Forget(AgentData* agent)
    {
        agent->SeenThreadState = 1;
        ForgetLast(agent);
    }

    /// <summary>What was known of the last thread's chain is not valid any more: the next event looks it up anew.</summary>
    public static void ForgetLast(AgentData* agent)
    {
        agent->LastThreadState = 1;
        agent->LastThread = null;
    }
}
