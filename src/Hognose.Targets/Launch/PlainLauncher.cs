using System.Runtime.InteropServices;
using System.Text;
using Hognose.Diagnostics;
using Hognose.Targets.Native;

namespace Hognose.Targets.Launch;

/// <summary>Starts any program with nothing of ours in it: our environment, our process group, the signals that our parent left to us.</summary>
public static unsafe class PlainLauncher
{
    /// <param name="executable">A path, or a name that is looked up on PATH.</param>
    /// <param name="arguments">All, the zeroth included, without terminating zeros.</param>
    /// <exception cref="CannotContinueException">The kernel does not start it.</exception>
    public static LaunchedProgram Launch(string executable, IReadOnlyList<byte[]> arguments)
    {
        using var words = new CStrings();
        foreach (var argument in arguments)
            words.Add(argument);
        var attributes = stackalloc byte[LaunchCalls.SpawnAttributesBytes];
        ProgramLauncher.SetSignals(attributes);
        int process;
        int error;
        fixed (byte* name = Encoding.UTF8.GetBytes(executable + '\0'))
            error = LaunchCalls.posix_spawnp(&process, name, null, attributes, words.ToArray(), OwnEnvironment());
        _ = LaunchCalls.posix_spawnattr_destroy(attributes);
        return error == 0
            ? new LaunchedProgram(process)
            : throw new CannotContinueException($"'{executable}' cannot be started ({Errno.Describe(error)})", "give a program that runs by itself, or a script whose name ends in .py");
    }

    private static byte** OwnEnvironment() => *(byte***)NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "environ");
}
