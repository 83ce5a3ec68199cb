namespace Hognose.Targets.Attach;

/// <summary>Where a stopped thread stands, and so what it may be made to call. The numbers are the agent's, too (<c>AttachWay</c>).</summary>
public enum CallPlace
{
    /// <summary>In the interpreter's own code: no lock of libc is held.</summary>
    InPython = 0,

    /// <summary>Asleep in a system call that holds nothing and is made again.</summary>
    Asleep = 1,

    /// <summary>In a library's code, or waiting for the interpreter's lock.</summary>
    InCode = 2,

    /// <summary>Within malloc, the loader, another part of libc, or a call that is not to be disturbed.</summary>
    Unsuitable = 3,
}
