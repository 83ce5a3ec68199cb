using System.Runtime.CompilerServices;

// No marshalling stubs: a stub would need the .NET runtime, which never starts in the target.
[assembly: DisableRuntimeMarshalling]

// Zeroing a local is a call into the runtime's library when the local is large.
[module: SkipLocalsInit]

// The extension module is the same kind of code in the same process: libc, literals and memory are the agent's.
[assembly: InternalsVisibleTo("_hognose")]
