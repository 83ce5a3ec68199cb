using System.Runtime.InteropServices;

namespace Hognose.Agent.Hooks;

/// <summary><c>PyMemAllocatorEx</c> (Include/cpython/pymem.h), the same in 3.8 to 3.15.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PythonAllocator
{
    public void* Context;
    public delegate* unmanaged[SuppressGCTransition]<void*, nuint, byte*> Malloc;
    public delegate* unmanaged[SuppressGCTransition]<void*, nuint, nuint, byte*> Calloc;
    public delegate* unmanaged[SuppressGCTransition]<void*, byte*, nuint, byte*> Realloc;
    public delegate* unmanaged[SuppressGCTransition]<void*, byte*, void> Free;
}
