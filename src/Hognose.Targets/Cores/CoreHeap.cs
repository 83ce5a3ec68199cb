using Hognose.Targets.Elf;
using Hognose.Targets.Memory;
using Hognose.Targets.Processes;

namespace Hognose.Targets.Cores;

/// <summary>
/// The break area, which malloc grows first and which /proc/PID/maps calls [heap]. A core does not name it: it is the first memory without a file behind the
/// program, right behind its .bss or, with address randomisation, up to a gigabyte further (arch_randomize_brk). What follows a library is not it.
/// </summary>
internal static class CoreHeap
{
    private const ulong PageMask = 4095;
    private const ulong FurthestFromProgram = 1ul << 30;

    /// <param name="parts">Ascending.</param>
    /// <param name="dumped">What the core holds.</param>
    /// <param name="stack">The main thread's stack pointer.</param>
    public static void Name(List<CorePart> parts, IMemoryReader dumped, ulong stack)
    {
        // The program lies below all libraries, which the kernel maps downwards from the stack.
        if (LoadedImage.Find([.. parts.Select(part => part.Mapping)]) is not [var program, ..])
            return;
        var end = EndOf(program, dumped);
        var first = parts.FindIndex(part => part.Mapping.Low.Value >= end);
        if (first < 0 || parts[first].Mapping.Low.Value - end > FurthestFromProgram)
            return;
        for (var i = first; i < parts.Count && IsOfHeap(parts[i].Mapping, stack) && (i == first || parts[i].Mapping.Low == parts[i - 1].Mapping.High); i++)
            parts[i] = parts[i] with { Mapping = parts[i].Mapping with { Path = "[heap]" } };
    }

    /// <summary>As its program headers say; without them, where its file's last mapping ends.</summary>
    private static ulong EndOf(LoadedImage program, IMemoryReader dumped)
    {
        var loaded = BuildId.Segments(dumped, program.Start).Where(each => each.Type == ElfSegment.Load).ToList();
        return loaded.Count == 0
            ? program.Mappings.Last(mapping => mapping.IsFile).High.Value
            : unchecked(program.Start.Value + (loaded[^1].VirtualAddress + loaded[^1].MemorySize - (loaded[0].VirtualAddress & ~PageMask)));
    }

    private static bool IsOfHeap(Mapping mapping, ulong stack) =>
        !mapping.IsFile && !mapping.Contains(new TargetAddress(stack)) && mapping.Path.Length == 0 && mapping.Has(MappingAccess.Read | MappingAccess.Write) && !mapping.Has(MappingAccess.Shared);
}
