namespace Hognose.Agent.Unwinding;

/// <summary>
/// Reads the process' own memory by way of the kernel: where nothing is mapped it fails and does not kill. A library may be unloaded while its tables
/// are looked at; some 20 such reads of 0.3 µs come with each place in the code that is met first, and none with any later one.
/// </summary>
internal static unsafe class OwnMemory
{
    public static bool Open(AgentData* agent)
    {
        agent->Unwind.Memory = Libc.open(Text.C("/proc/self/mem"u8), Libc.OpenCloseOnExec);
        return agent->Unwind.Memory >= 0;
    }

    public static void Close(AgentData* agent) => Libc.close(agent->Unwind.Memory);

    public static bool Read(AgentData* agent, nuint address, void* to, nuint length) =>
        (nint)address > 0 && Libc.pread(agent->Unwind.Memory, to, length, (long)address) == (nint)length;
}
