namespace Hognose.Formats.Alloc;

/// <summary>What one thread allocated. <see cref="KernelId"/> 0 and an empty name: not known.</summary>
public readonly record struct ThreadUsage(int Index, long KernelId, string Name, long Allocations, long Bytes, long NeverFreedBytes)
{
    /// <summary>The name of what was allocated without a Python thread state.</summary>
    public const string NoThread = "(no Python thread)";
}

/// <summary>Allocations of at least 2^<see cref="Exponent"/> bytes and less than twice that; of 0 and 1 bytes both stand under 0.</summary>
public readonly record struct SizeClass(int Exponent, long Allocations, long Bytes);

/// <summary>What one allocator served; the numbers are those of <see cref="Ring.AllocatorDomain"/>.</summary>
public readonly record struct DomainUsage(int Domain, long Allocations, long Bytes);

/// <summary>What was allocated since the former moment of the timeline.</summary>
public readonly record struct AllocationRate(long Allocations, long Bytes);

/// <summary>How allocations were spread over threads, sizes, allocators and time. Empty lists: not kept (a file of an older hognose).</summary>
public sealed record RecordingShape(
    IReadOnlyList<ThreadUsage> Threads, IReadOnlyList<SizeClass> Sizes, IReadOnlyList<DomainUsage> Domains, IReadOnlyList<AllocationRate> Rates)
{
    public static RecordingShape Unknown { get; } = new([], [], [], []);
}

/// <summary>A block that lived when the recording ended, with its address in the program.</summary>
/// <param name="Address">In the program.</param>
/// <param name="Stack">That allocated it.</param>
/// <param name="Size">Bytes.</param>
/// <param name="BornMilliseconds">Since the recording began.</param>
public readonly record struct Survivor(ulong Address, int Stack, long Size, long BornMilliseconds);
