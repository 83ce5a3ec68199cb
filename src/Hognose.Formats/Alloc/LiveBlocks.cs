namespace Hognose.Formats.Alloc;

/// <summary>The blocks that were alive at one moment, ascending by address.</summary>
/// <param name="Sizes">Bytes asked for.</param>
/// <param name="Stacks">Who allocated each: indices into the recording's stacks.</param>
public sealed record LiveBlocks(ulong[] Addresses, long[] Sizes, int[] Stacks)
{
    public int Count => Addresses.Length;
}
