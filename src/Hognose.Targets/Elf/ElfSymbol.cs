using Hognose.Targets.Memory;

namespace Hognose.Targets.Elf;

/// <summary>A defined dynamic symbol.</summary>
/// <param name="Address">Where it stands in the target.</param>
/// <param name="Size">Bytes, as the linker recorded them; 0 when it didn't.</param>
public readonly record struct ElfSymbol(TargetAddress Address, ulong Size);
