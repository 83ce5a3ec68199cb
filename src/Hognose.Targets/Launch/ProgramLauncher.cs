using System.Text;
using Hognose.Diagnostics;
using Hognose.Targets.Native;

namespace Hognose.Targets.Launch;

/// <summary>Starts a program with the agent preloaded. It stays in our process group, so that the terminal's signals reach it as without us.</summary>
public static unsafe class ProgramLauncher
{
    /// <summary>High enough to be out of the way of descriptors that scripts choose, low enough for the usual limit of 1024.</summary>
    private const int HighestDescriptor = 1000;

    /// <exception cref="CannotContinueException">The kernel does not start it.</exception>
    public static LaunchedProgram Launch(LaunchRequest request, SharedMemoryFile region, AgentLibrary library)
    {
        var libraryAt = FreeDescriptor(Highest());
        var regionAt = FreeDescriptor(libraryAt - 1);
        using var arguments = new CStrings();
        foreach (var argument in request.Arguments)
            arguments.Add(argument);
        using var environment = ProgramVariables.Build(regionAt, libraryAt, request.Nonce);

        var actions = stackalloc byte[LaunchCalls.SpawnActionsBytes];
        _ = LaunchCalls.posix_spawn_file_actions_init(actions);
        _ = LaunchCalls.posix_spawn_file_actions_adddup2(actions, library.Descriptor, libraryAt);
        _ = LaunchCalls.posix_spawn_file_actions_adddup2(actions, region.Descriptor, regionAt);
        var attributes = stackalloc byte[LaunchCalls.SpawnAttributesBytes];
        SetSignals(attributes);

        int process;
        int error;
        fixed (byte* path = Encoding.UTF8.GetBytes(request.Executable + '\0'))
            error = LaunchCalls.posix_spawn(&process, path, actions, attributes, arguments.ToArray(), environment.ToArray());
        _ = LaunchCalls.posix_spawnattr_destroy(attributes);
        _ = LaunchCalls.posix_spawn_file_actions_destroy(actions);
        return error == 0
            ? new LaunchedProgram(process)
            : throw new CannotContinueException($"{request.Executable} cannot be started ({Errno.Describe(error)})", "name a Python with --python");
    }

    internal static void SetSignals(byte* attributes)
    {
        var inherited = InheritedSignals.AtStart;
        var defaults = stackalloc byte[LaunchCalls.SignalSetBytes];
        inherited.FillDefaults(defaults);
        _ = LaunchCalls.posix_spawnattr_init(attributes);
        _ = LaunchCalls.posix_spawnattr_setflags(attributes, LaunchCalls.SpawnSetSignalDefaults | LaunchCalls.SpawnSetSignalMask);
        _ = LaunchCalls.posix_spawnattr_setsigdefault(attributes, defaults);
        fixed (byte* mask = inherited.Mask)
            _ = LaunchCalls.posix_spawnattr_setsigmask(attributes, mask);
    }

    private static int Highest()
    {
        ResourceLimit limit;
        if (LaunchCalls.getrlimit(LaunchCalls.ResourceOpenFiles, &limit) != 0 || limit.Soft > HighestDescriptor)
            return HighestDescriptor;
        return (int)limit.Soft - 1;
    }

    private static int FreeDescriptor(int from)
    {
        while (from > 2 && LaunchCalls.fcntl(from, LaunchCalls.GetDescriptorFlags, 0) >= 0)
            from--;
        return from > 2 ? from : throw new CannotContinueException("no file descriptor is free", "raise the limit ('ulimit -n')");
    }
}
