using Hognose.Agent.Native;
using Hognose.Agent.Stacks;

namespace Hognose.Agent.Unwinding;

/// <summary>
/// From a place in the code to its executable or library. glibc's own list is behind a lock that a thread in dlopen holds while it allocates, which would
/// wait for us; the kernel's list is not.
/// </summary>
internal static unsafe class Modules
{
    private const int Most = 4096;
    private const int ElfHeaderBytes = 64;
    private const uint Note = 4;
    private const uint FrameTable = 0x6474_E550; // PT_GNU_EH_FRAME
    private const nuint PageMask = 4095;
    private const uint ElfMagic = 0x464C_457F;
    private const uint GnuBuildId = 3;
    private const uint GnuName = 0x0055_4E47;
    private const uint LongestBuildId = 64;

    public static nuint TableBytes => Most * (nuint)sizeof(LoadedModule);

    /// <summary>Null: no ELF file is mapped there. The caller has opened <see cref="OwnMemory"/>.</summary>
    public static LoadedModule* Find(AgentData* agent, nuint pc)
    {
        var unwind = &agent->Unwind;
        for (var i = 0; i < unwind->ModuleCount; i++)
        {
            var module = unwind->Modules + i;
            if (pc < module->Start || pc >= module->End)
                continue;
            if (IsStillThere(agent, module))
                return module;
            *module = unwind->Modules[--unwind->ModuleCount];
            break;
        }
        if (unwind->LooksLeft <= 0 || unwind->ModuleCount == Most)
            return null;
        unwind->LooksLeft--;
        return TryLook(agent, pc, out var start, out var pathLength) ? Take(agent, start, pathLength, pc) : null;
    }

    private static bool IsStillThere(AgentData* agent, LoadedModule* module)
    {
        ulong offset;
        return OwnMemory.Read(agent, module->Start + 40, &offset, sizeof(ulong)) && offset == module->SectionOffset;
    }

    /// <summary>Where the file that is mapped at an address begins, and its name in the scratch.</summary>
    private static bool TryLook(AgentData* agent, nuint pc, out nuint start, out nuint pathLength)
    {
        start = pathLength = 0;
        if (!MappingLines.Open(agent->Unwind.Scratch->Maps, out var lines))
            return false;
        ulong file = 0;
        var found = false;
        while (!found && lines.Next(out var line) && line.Low <= pc)
        {
            if (line.Offset == 0 && line.PathLength is > 0 and < UnwindScratch.LongestPath)
            {
                (start, file, pathLength) = (line.Low, line.File, line.PathLength);
                Libc.memmove(agent->Unwind.Scratch->Path, line.Path, line.PathLength);
            }
            found = line.Holds(pc) && start != 0 && line.File == file && line.PathLength > 0;
        }
        lines.Close();
        return found;
    }

    private static LoadedModule* Take(AgentData* agent, nuint start, nuint pathLength, nuint pc)
    {
        var program = agent->Unwind.Scratch->Program;
        if (!OwnMemory.Read(agent, start, program, ElfHeaderBytes) || *(uint*)program != ElfMagic)
            return null;
        LoadedModule module;
        module.Start = start;
        module.End = 0;
        module.FrameTable = module.FrameTableBytes = 0;
        module.SectionOffset = *(ulong*)(program + 40);
        var headers = (nuint)(*(ulong*)(program + 32));
        nuint count = *(ushort*)(program + 56);
        if (count * (nuint)sizeof(ProgramHeader) > UnwindScratch.Headers || !OwnMemory.Read(agent, start + headers, program, count * (nuint)sizeof(ProgramHeader)))
            return null;
        module.Bias = start - FirstAddress((ProgramHeader*)program, count);
        nuint noteBytes = 0;
        for (nuint i = 0; i < count; i++)
            TakeHeader(agent, (ProgramHeader*)program + i, &module, ref noteBytes);
        if (pc >= module.End)
            return null;
        var isOwn = (nuint)(delegate*<AgentData*, nuint, LoadedModule*>)&Find - start < module.End - start;
        module.IsOwn = isOwn ? (byte)1 : (byte)0;
        BuildId(agent->Unwind.Scratch->Notes, noteBytes, out var id, out var idBytes);
        module.Id = isOwn ? 0 : CodeDescription.DescribeModule(agent, agent->Unwind.Scratch->Path, (uint)pathLength, id, idBytes);
        var place = agent->Unwind.Modules + agent->Unwind.ModuleCount++;
        *place = module;
        return place;
    }

    private static nuint FirstAddress(ProgramHeader* headers, nuint count)
    {
        for (nuint i = 0; i < count; i++)
            if (headers[i].Type == ProgramHeader.Load)
                return (nuint)headers[i].Address & ~PageMask;
        return 0;
    }

    private static void TakeHeader(AgentData* agent, ProgramHeader* header, LoadedModule* module, ref nuint noteBytes)
    {
        var at = module->Bias + (nuint)header->Address;
        if (header->Type == ProgramHeader.Load && at + (nuint)header->Size > module->End)
            module->End = at + (nuint)header->Size;
        if (header->Type == FrameTable)
            (module->FrameTable, module->FrameTableBytes) = (at, (nuint)header->Size);
        var size = (nuint)header->Size;
        if (header->Type == Note && noteBytes + size <= UnwindScratch.Headers && OwnMemory.Read(agent, at, agent->Unwind.Scratch->Notes + noteBytes, size))
            noteBytes += (size + 3) & ~(nuint)3;
    }

    /// <summary>Goes through notes: lengths of name and contents, kind, both padded to 4 bytes (elf(5)).</summary>
    private static void BuildId(byte* notes, nuint bytes, out byte* id, out uint length)
    {
        id = notes;
        length = 0;
        for (nuint at = 0; at + 16 <= bytes;)
        {
            var head = (uint*)(notes + at);
            var contents = at + 12 + (((nuint)head[0] + 3) & ~(nuint)3);
            var end = contents + (((nuint)head[1] + 3) & ~(nuint)3);
            if (end > bytes)
                return;
            if (head[2] == GnuBuildId && head[3] == GnuName && head[1] <= LongestBuildId)
            {
                id = notes + contents;
                length = head[1];
                return;
            }
            at = end;
        }
    }
}
