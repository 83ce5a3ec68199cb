namespace Hognose.Formats.Alloc;

/// <summary>What tells blocks of one stack apart.</summary>
public enum BlockTrait
{
    /// <summary>Index of the thread that allocated it.</summary>
    Thread,

    /// <summary>As <see cref="SizeClass.Exponent"/>.</summary>
    Size,

    /// <summary>As <see cref="DomainUsage.Domain"/>.</summary>
    Allocator,

    /// <summary>Number of the slice of time in which it was allocated.</summary>
    Time,
}

/// <summary>What blocks of one stack with one value of a trait held.</summary>
/// <param name="Stack">That allocated them.</param>
/// <param name="Key">The value.</param>
/// <param name="Usage">Every measure of them.</param>
/// <param name="NeverFreedBytes">Of them.</param>
public readonly record struct SpreadUsage(int Stack, int Key, StackUsage Usage, long NeverFreedBytes);

/// <summary>The stacks of a recording once more, each in as many parts as its blocks have values of a trait. Not stored: events tell it.</summary>
/// <param name="Slice">Nanoseconds of a slice of time.</param>
public sealed record RecordingSpread(BlockTrait Trait, long Slice, IReadOnlyList<SpreadUsage> Parts);
