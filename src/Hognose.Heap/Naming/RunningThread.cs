namespace Hognose.Heap.Naming;

/// <summary>A thread that runs Python code.</summary>
/// <param name="Number">1 for the main thread, then in the order in which they started.</param>
/// <param name="Name">As <c>threading</c> calls it; empty for a thread that it does not know.</param>
/// <param name="NativeId">The kernel's; 0 before 3.11, which does not keep it.</param>
/// <param name="Frames">Innermost first.</param>
public sealed record RunningThread(int Number, string Name, long NativeId, IReadOnlyList<RunningFrame> Frames)
{
    /// <summary>Its functions' variables as what holds objects.</summary>
    public IEnumerable<Holder> Holders() =>
        from frame in Frames
        from variable in frame.Variables
        select new Holder(variable.Node, HolderKind.Local, variable.Name, Number, frame.Function, frame.File) { Line = frame.Line, ThreadName = Name };
}

/// <summary>A function under way.</summary>
/// <param name="Function">As a traceback names it; qualified from 3.11 on.</param>
/// <param name="File">The path in its code object.</param>
/// <param name="Line">That it has come to; 0 where that cannot be told.</param>
public sealed record RunningFrame(string Function, string File, int Line, IReadOnlyList<FrameVariable> Variables);

/// <summary>A variable of a function under way, and the object that it holds.</summary>
public readonly record struct FrameVariable(string Name, int Node);
