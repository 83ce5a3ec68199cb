namespace Hognose.Agent.Native;

/// <summary>
/// What libraries call in place of <c>dlsym</c>. Who loads a library asks for its symbols next: that is when its slots are gone through. dlopen
/// itself is left alone, since it takes its caller's RUNPATH from the return address and leaves no moment after it without another caller.
/// </summary>
internal static unsafe class LibraryWatch
{
    private const nint NextObject = -1;

    public static void* Dlsym(void* handle, byte* name)
    {
        var agent = Agent.State;
        if (agent->Native.IsOn != 0)
        {
            Slots.WriteIfLoaded(agent);
            var function = (nint)handle == NextObject ? NativeFunction.Count : NativeNames.Of(&agent->Native, name);
            if (function != NativeFunction.Count && (NativeNames.GroupsOf(function) & agent->Native.Groups) != 0)
                return HookFor(&agent->Native, handle, name, function);
        }
        return agent->Native.Dlsym(handle, name);
    }

    /// <summary>A pointer to the program's own malloc (ctypes asks for such) leads to us like a slot does.</summary>
    private static void* HookFor(NativeData* native, void* handle, byte* name, NativeFunction function)
    {
        var found = (ulong)native->Dlsym(handle, name);
        var isOriginal = found != 0 && (found == native->Originals[(int)function] || found == native->Aliases[(int)function]);
        return (void*)(isOriginal ? native->Hooks[(int)function] : found);
    }
}
