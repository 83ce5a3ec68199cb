using System.Runtime;

namespace Hognose.Agent.Family;

/// <summary>
/// libc's functions that start a program, as this process calls them: the new program's environment leads the agent into it. They run in children of
/// fork and vfork: hardly any memory but the stack, no lock. <c>execl</c> and its kin call libc's own and are not met: their arguments are as many as they like.
/// </summary>
internal static unsafe class ExecHooks
{
    [RuntimeExport("execve")]
    public static int Execve(byte* path, byte** arguments, byte** environment)
    {
        var family = &Agent.State->Family;
        ExecRoom room;
        return ExecFunctions.Of(family)->Execve(path, arguments, FamilyVariables.Add(family, environment, &room));
    }

    [RuntimeExport("execv")]
    public static int Execv(byte* path, byte** arguments) => Execve(path, arguments, *ExecFunctions.Of(&Agent.State->Family)->Environment);

    [RuntimeExport("execvpe")]
    public static int Execvpe(byte* name, byte** arguments, byte** environment)
    {
        var family = &Agent.State->Family;
        ExecRoom room;
        return ExecFunctions.Of(family)->Execvpe(name, arguments, FamilyVariables.Add(family, environment, &room));
    }

    [RuntimeExport("execvp")]
    public static int Execvp(byte* name, byte** arguments) => Execvpe(name, arguments, *ExecFunctions.Of(&Agent.State->Family)->Environment);

    [RuntimeExport("fexecve")]
    public static int Fexecve(int descriptor, byte** arguments, byte** environment)
    {
        var family = &Agent.State->Family;
        ExecRoom room;
        return ExecFunctions.Of(family)->Fexecve(descriptor, arguments, FamilyVariables.Add(family, environment, &room));
    }

    [RuntimeExport("posix_spawn")]
    public static int PosixSpawn(int* process, byte* path, void* actions, void* attributes, byte** arguments, byte** environment)
    {
        var family = &Agent.State->Family;
        ExecRoom room;
        return ExecFunctions.Of(family)->PosixSpawn(process, path, actions, attributes, arguments, FamilyVariables.Add(family, environment, &room));
    }

    [RuntimeExport("posix_spawnp")]
    public static int PosixSpawnp(int* process, byte* name, void* actions, void* attributes, byte** arguments, byte** environment)
    {
        var family = &Agent.State->Family;
        ExecRoom room;
        return ExecFunctions.Of(family)->PosixSpawnp(process, name, actions, attributes, arguments, FamilyVariables.Add(family, environment, &room));
    }
}
