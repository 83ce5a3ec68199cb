namespace Hognose.Agent.Native;

/// <summary>
/// Goes through the slots of every loaded library and puts our functions where the program's allocator stands, or that back where ours stand. A slot
/// is written through /proc/self/mem, which needs no change of a page's protection: one that another thread in the loader is about to change, too.
/// </summary>
internal static unsafe class Slots
{
    private struct Visitor
    {
        public AgentData* Agent;
        public bool PutsBack;
        public ulong Adds;
    }

    /// <summary>Libraries were loaded since: goes through their slots.</summary>
    public static void WriteIfLoaded(AgentData* agent)
    {
        if (!TryTake(agent))
            return;
        ulong adds = 0;
        Libc.dl_iterate_phdr((delegate*<LoadedObject*, nuint, void*, int>)&TakeAdds, &adds);
        if (adds != agent->Native.KnownAdds)
            WriteTaken(agent, putBack: false);
        GiveBack(agent);
    }

    /// <summary>False: another thread does it, or /proc is not there.</summary>
    public static bool Write(AgentData* agent, bool putBack)
    {
        if (!TryTake(agent))
            return false;
        var written = WriteTaken(agent, putBack);
        GiveBack(agent);
        return written;
    }

    /// <summary>The list of libraries may be gone through. No fork happens meanwhile: glibc does not free the lock of that list in the child.</summary>
    public static bool TryTake(AgentData* agent) => Interlocked.CompareExchange(ref agent->Native.IsPatching, 1, 0) == 0;

    public static void GiveBack(AgentData* agent) => Volatile.Write(ref agent->Native.IsPatching, 0);

    private static bool WriteTaken(AgentData* agent, bool putBack)
    {
        var native = &agent->Native;
        var errno = Libc.__errno_location();
        var kept = *errno;
        native->Memory = Libc.open(Text.C("/proc/self/mem"u8), Libc.OpenReadWriteCloseOnExec);
        var isOpen = native->Memory >= 0;
        if (isOpen)
        {
            Visitor visitor;
            visitor.Agent = agent;
            visitor.PutsBack = putBack;
            visitor.Adds = 0;
            Libc.dl_iterate_phdr((delegate*<LoadedObject*, nuint, void*, int>)&Visit, &visitor);
            native->KnownAdds = visitor.Adds;
            Libc.close(native->Memory);
        }
        *errno = kept;
        return isOpen;
    }

    /// <summary>What the first object says of all, all say.</summary>
    private static int TakeAdds(LoadedObject* loaded, nuint size, void* data)
    {
        *(ulong*)data = loaded->Adds;
        return 1;
    }

    private static int Visit(LoadedObject* loaded, nuint size, void* data)
    {
        var visitor = (Visitor*)data;
        visitor->Adds = loaded->Adds;
        var agent = visitor->Agent;
        if (!ElfObject.TryRead(loaded, out var elf) || elf.Holds((void*)agent->Native.Hooks[(int)NativeFunction.Malloc]) || IsAllocator(&agent->Native, &elf))
            return 0;
        // Its malloc is that of the raw domain, which is hooked already.
        var isInterpreter = elf.Holds(agent->Python.GetAllocator);
        WriteAll(visitor, &elf, elf.JumpSlots, elf.JumpSlotBytes, isInterpreter);
        WriteAll(visitor, &elf, elf.Relocations, elf.RelocationBytes, isInterpreter);
        return 0;
    }

    /// <summary>An allocator of its own maps its heaps, which is not the program's doing. libc's own calls are strdup's and the like.</summary>
    private static bool IsAllocator(NativeData* native, ElfObject* elf) =>
        elf->Holds((void*)native->Originals[(int)NativeFunction.Malloc]) && !elf->Holds((void*)native->Originals[(int)NativeFunction.Mmap]);

    /// <summary>When only samples are told most of its allocators' calls leave no mark, by which a mapping of pymalloc's would be known for what it is.</summary>
    private static bool IsTheInterpreters(AgentData* agent, NativeFunction function) =>
        function <= NativeFunction.Free || (agent->Sampling.IsOn != 0 && function is >= NativeFunction.Mmap and <= NativeFunction.Mremap);

    private static bool IsMeant(Visitor* visitor, NativeFunction function) =>
        visitor->PutsBack || (NativeNames.GroupsOf(function) & visitor->Agent->Native.Groups) != 0;

    private static void WriteAll(Visitor* visitor, ElfObject* elf, ElfRelocation* relocation, ulong bytes, bool isInterpreter)
    {
        var native = &visitor->Agent->Native;
        var end = (ElfRelocation*)((byte*)relocation + bytes);
        for (; relocation < end; relocation++)
        {
            if (relocation->Symbol == 0 || relocation->Type is not (ElfRelocation.JumpSlot or ElfRelocation.GlobalData or ElfRelocation.Pointer))
                continue;
            var symbol = elf->Symbols + relocation->Symbol;
            var function = NativeNames.Of(native, elf->Strings + symbol->Name);
            if (function == NativeFunction.Count || (isInterpreter && IsTheInterpreters(visitor->Agent, function)) || !IsMeant(visitor, function))
                continue;
            var slot = (ulong*)(elf->Base + relocation->Place);
            if (visitor->PutsBack ? *slot == native->Hooks[(int)function] : StandsForOriginal(native, elf, symbol, *slot, function))
                Store(visitor->Agent, slot, visitor->PutsBack ? native->Originals[(int)function] : native->Hooks[(int)function]);
        }
    }

    /// <summary>
    /// Bound to the program's allocator, or not bound yet: then it leads back into the library itself. Anything else is another's, or a library that
    /// another thread's loader has not relocated yet; that thread comes by when it asks for the library's symbols.
    /// </summary>
    private static bool StandsForOriginal(NativeData* native, ElfObject* elf, ElfSymbol* symbol, ulong value, NativeFunction function)
    {
        if (native->Originals[(int)function] == 0 || value == 0)
            return false;
        if (value == native->Originals[(int)function] || value == native->Aliases[(int)function])
            return true;
        var isItsOwn = symbol->Section != 0 && value == (ulong)(elf->Base + symbol->Value);
        return elf->Holds((void*)value) && !isItsOwn;
    }

    private static void Store(AgentData* agent, ulong* slot, ulong value)
    {
        // A fork's child has a ring from its first event on.
        if (Libc.pwrite(agent->Native.Memory, &value, sizeof(ulong), (long)slot) != sizeof(ulong) && agent->Ring != null)
            agent->Ring->UnhookedSlots++;
    }
}
