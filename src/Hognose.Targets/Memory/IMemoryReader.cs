namespace Hognose.Targets.Memory;

/// <summary>Bytes at addresses: a live process, a frozen copy, a core dump, a made-up address space of a test.</summary>
public interface IMemoryReader
{
    /// <summary>Fills <paramref name="destination"/> whole, or returns false and leaves it undefined: absent memory is never silently zero.</summary>
    bool TryRead(TargetAddress address, Span<byte> destination);
}
