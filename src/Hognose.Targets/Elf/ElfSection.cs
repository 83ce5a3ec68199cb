namespace Hognose.Targets.Elf;

/// <summary>A section header, as far as it is used; nothing in it is checked.</summary>
/// <param name="Name">Offset into the names of sections.</param>
/// <param name="Address">As linked.</param>
/// <param name="Offset">Into the file.</param>
/// <param name="Size">Bytes.</param>
internal readonly record struct ElfSection(uint Name, ulong Address, ulong Offset, ulong Size);
