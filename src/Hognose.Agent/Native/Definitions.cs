namespace Hognose.Agent.Native;

/// <summary>
/// Finds the definitions that the program's own calls reach: the first in the order in which the loader looks, which is that of
/// <c>dl_iterate_phdr</c>. dlsym won't do: of an executable at a fixed address it answers with a linkage table entry for functions whose address
/// that takes, and RTLD_NEXT begins behind a preloaded allocator when we were loaded later.
/// </summary>
internal static unsafe class Definitions
{
    /// <summary>False: not even malloc, calloc, realloc and free were found.</summary>
    public static bool Find(NativeData* native)
    {
        var name = NativeNames.First;
        for (var i = 0; i < NativeData.FunctionCount; i++, name = NativeNames.After(name))
        {
            native->Hashes[i] = NativeNames.Hash(name);
            native->Originals[i] = 0;
            native->Aliases[i] = (ulong)Libc.dlsym(null, name);
        }
        Libc.dl_iterate_phdr((delegate*<LoadedObject*, nuint, void*, int>)&Visit, native);
        for (var function = NativeFunction.Malloc; function <= NativeFunction.Free; function++)
            if (native->Originals[(int)function] == 0)
                return false;
        return native->Originals[(int)NativeFunction.Dlsym] != 0;
    }

    private static int Visit(LoadedObject* loaded, nuint size, void* data)
    {
        if (ElfObject.TryRead(loaded, out var elf) && elf.GnuHash != null)
            Search((NativeData*)data, &elf);
        return 0;
    }

    /// <summary>Straight through the hashes of all defined symbols: some thousands of comparisons a library, once a process.</summary>
    private static void Search(NativeData* native, ElfObject* elf)
    {
        var buckets = elf->GnuHash[0];
        var first = elf->GnuHash[1];
        var filterWords = elf->GnuHash[2];
        var bucket = elf->GnuHash + 4 + (filterWords * 2);
        var hashes = bucket + buckets;
        for (uint i = 0; i < buckets; i++)
            for (var symbol = bucket[i]; symbol >= first; symbol++)
            {
                var hash = hashes[symbol - first];
                Match(native, elf, symbol, hash);
                // The lowest bit ends a bucket.
                if ((hash & 1) != 0)
                    break;
            }
    }

    private static void Match(NativeData* native, ElfObject* elf, uint index, uint hash)
    {
        var symbol = elf->Symbols + index;
        const uint AllButLowest = ~1u;
        for (var i = 0; i < NativeData.FunctionCount; i++)
        {
            if (((native->Hashes[i] ^ hash) & AllButLowest) != 0 || native->Originals[i] != 0 || symbol->Section == 0 || elf->IsOfOldVersion(index))
                continue;
            if (NativeNames.Of(native, elf->Strings + symbol->Name) == (NativeFunction)i)
                native->Originals[i] = (ulong)(elf->Base + symbol->Value);
        }
    }
}
