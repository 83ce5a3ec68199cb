using System.Runtime;

namespace Hognose.Agent.Family;

/// <summary>
/// <c>system</c> (which is <c>os.system</c>) and <c>popen</c> start a shell from within libc, where <see cref="ExecHooks"/> are not met. The shell is told to
/// become another one, into which the agent is led by the variables as into any program.
/// </summary>
internal static unsafe class ShellHooks
{
    [RuntimeExport("system")]
    public static int System(byte* command)
    {
        var family = &Agent.State->Family;
        nuint length;
        var led = ShellCommand.Lead(family, command, &length);
        if (led == null)
            return ExecFunctions.Of(family)->System(command);
        var status = ExecFunctions.Of(family)->System(led);
        Release(led, length);
        return status;
    }

    [RuntimeExport("popen")]
    public static void* Popen(byte* command, byte* mode)
    {
        var family = &Agent.State->Family;
        nuint length;
        var led = ShellCommand.Lead(family, command, &length);
        if (led == null)
            return ExecFunctions.Of(family)->Popen(command, mode);
        var stream = ExecFunctions.Of(family)->Popen(led, mode);
        Release(led, length); // The shell has its own copy: popen returns after its exec.
        return stream;
    }

    private static void Release(byte* command, nuint length)
    {
        var errno = *Libc.__errno_location();
        Libc.munmap(command, length);
        *Libc.__errno_location() = errno;
    }
}
