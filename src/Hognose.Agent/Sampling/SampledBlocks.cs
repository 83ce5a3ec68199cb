using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hognose.Agent.Events;
using Hognose.Formats.Ring;

namespace Hognose.Agent.Sampling;

/// <summary>Which blocks are sampled, by address, and when the next will be.</summary>
internal static unsafe class SampledBlocks
{
    private const uint FirstSlots = 1024;
    private const byte Sticky = 255;

    public static bool Open(AgentData* agent, RingHeader* ring)
    {
        var sampling = &agent->Sampling;
        sampling->IsOn = 0;
        if (ring->SampleBytes == 0)
            return true;
        sampling->Mean = (long)ring->SampleBytes;
        sampling->Random = Libc.Nanoseconds(Libc.ClockMonotonic) ^ ((ulong)Libc.getpid() << 32);
        sampling->Count = 0;
        sampling->Mask = FirstSlots - 1;
        sampling->Slots = (nint*)PrivateMemory.Pages(FirstSlots * (nuint)sizeof(nint));
        if (sampling->Filter == null)
            sampling->Filter = PrivateMemory.Pages(SamplingData.FilterBytes);
        if (sampling->Slots == null || sampling->Filter == null)
            return false;
        Libc.memset(sampling->Filter, 0, SamplingData.FilterBytes);
        sampling->IsOn = 1;
        sampling->Left = NextGap(sampling);
        for (nuint stripe = 0; stripe < SamplingData.StripeCount; stripe++)
            *SamplingData.StripeOf(agent, (void*)(stripe << 16)) = NextGap(sampling);
        return true;
    }

    /// <summary>True: the block that has just used up the stripe's bytes is a sample. Two threads may share a stripe; one of them meets its end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsSample(AgentData* agent, long* left, nuint size)
    {
        if (*agent->IsSingleThreaded == 0)
        {
            var rest = Interlocked.Add(ref *left, -(long)size);
            return rest < 0 && rest + (long)size >= 0;
        }
        *left -= (long)size;
        return *left < 0;
    }

    /// <summary>The next gap begins behind the sampled block. False: there is nothing to record.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool Begin(AgentData* agent, long* left, byte* block, void* stack)
    {
        if (!EventLock.Take(agent, stack))
        {
            // So that a program whose recording has ended never comes here again.
            Volatile.Write(ref *left, long.MaxValue);
            return false;
        }
        Interlocked.Add(ref *left, NextGap(&agent->Sampling) - Volatile.Read(ref *left));
        var added = block != null && Add(&agent->Sampling, (nint)block);
        EventLock.Release(agent);
        return added;
    }

    /// <summary>A thread state is asked for when it is freed, like a block. The caller has just told an event of it.</summary>
    public static void Watch(AgentData* agent, nint threadState) => agent->Sampling.Filter[SamplingData.Index((void*)threadState)] = Sticky;

    /// <summary>Takes the block out; false: it is no sample.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool Remove(AgentData* agent, byte* block, void* stack)
    {
        if (!EventLock.Take(agent, stack))
            return false;
        var found = Find(&agent->Sampling, (nint)block, out var slot);
        if (found)
            RemoveAt(&agent->Sampling, slot, block);
        EventLock.Release(agent);
        return found;
    }

    /// <summary>Puts a block back whose realloc failed.</summary>
    public static void PutBack(AgentData* agent, byte* block, void* stack)
    {
        if (!EventLock.Take(agent, stack))
            return;
        Add(&agent->Sampling, (nint)block);
        EventLock.Release(agent);
    }

    private static long NextGap(SamplingData* sampling) =>
        Sse2.X64.ConvertToInt64WithTruncation(Vector128.CreateScalarUnsafe(SampleGaps.Next(ref sampling->Random, sampling->Mean)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Home(SamplingData* sampling, nint block) => (uint)((((ulong)block >> 4) * 0x9E3779B97F4A7C15) >> 32) & sampling->Mask;

    private static bool Find(SamplingData* sampling, nint block, out uint slot)
    {
        slot = Home(sampling, block);
        for (; sampling->Slots[slot] != 0; slot = (slot + 1) & sampling->Mask)
            if (sampling->Slots[slot] == block)
                return true;
        return false;
    }

    private static bool Add(SamplingData* sampling, nint block)
    {
        if (sampling->Count > sampling->Mask / 2 && !Grow(sampling))
            return false;
        // The same address again: its free went a way that is not seen.
        if (Find(sampling, block, out var slot))
            return true;
        sampling->Slots[slot] = block;
        sampling->Count++;
        var filter = sampling->Filter + SamplingData.Index((void*)block);
        if (*filter != Sticky)
            (*filter)++;
        return true;
    }

    /// <summary>Closes the gap as Knuth, vol. 3, 6.4, algorithm R does.</summary>
    private static void RemoveAt(SamplingData* sampling, uint gap, byte* block)
    {
        var filter = sampling->Filter + SamplingData.Index(block);
        if (*filter != Sticky)
            (*filter)--;
        sampling->Count--;
        for (var next = (gap + 1) & sampling->Mask; sampling->Slots[next] != 0; next = (next + 1) & sampling->Mask)
        {
            var home = Home(sampling, sampling->Slots[next]);
            if (((next - home) & sampling->Mask) < ((next - gap) & sampling->Mask))
                continue;
            sampling->Slots[gap] = sampling->Slots[next];
            gap = next;
        }
        sampling->Slots[gap] = 0;
    }

    private static bool Grow(SamplingData* sampling)
    {
        var old = sampling->Slots;
        var slots = sampling->Mask + 1;
        var grown = (nint*)PrivateMemory.Pages(slots * 2 * (nuint)sizeof(nint));
        if (grown == null)
            return false;
        sampling->Slots = grown;
        sampling->Mask = (slots * 2) - 1;
        for (uint i = 0; i < slots; i++)
            if (old[i] != 0)
            {
                Find(sampling, old[i], out var slot);
                grown[slot] = old[i];
            }
        PrivateMemory.GiveBack(old, slots * (nuint)sizeof(nint));
        return true;
    }
}
