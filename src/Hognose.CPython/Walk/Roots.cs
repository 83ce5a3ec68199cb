using Hognose.CPython.Objects;
using Hognose.Heap;

namespace Hognose.CPython.Walk;

/// <summary>What holds objects from outside the heap: the runtime's, interpreters' and threads' own structs, and frames that run.</summary>
internal sealed unsafe class Roots(WalkContext context, ReaderSet readers, InterpreterStates states)
{
    private const long LargestStruct = 1 << 22;

    /// <summary>Addresses that may be objects, each with how it was found.</summary>
    public void Read(EdgeBuffer edges)
    {
        var layout = context.Layout;
        AddWords(states.Runtime, layout.PyRuntimeState.Size, edges);
        foreach (var interpreter in states.Interpreters)
            AddWords(interpreter, layout.PyInterpreterState.Size, edges);
        foreach (var thread in states.Threads)
        {
            AddWords(thread, layout.PyThreadState.Size, edges);
            if (readers.Frames is { } frames)
                AddFrames(RunningFrames.Innermost(context, thread), frames, edges);
            else
                AddFrameObjects(context.Memory.U64(thread + (ulong)layout.PyThreadState.frame), edges);
        }
    }

    private void AddFrames(ulong frame, InterpreterFrameReader frames, EdgeBuffer edges)
    {
        var previous = context.Layout.PyInterpreterFrame.previous;
        for (var i = 0; frame != 0; i++)
        {
            if (i == context.Limits.ChainLength)
            {
                context.Diagnostics.Add("HG0104", $"a thread's stack has no end at 0x{frame:x}");
                return;
            }
            frames.Read(frame, edges, isVisited: false);
            frame = context.Memory.U64(frame + (ulong)previous);
        }
    }

    /// <summary>Up to 3.10 a frame that runs is an object, and the evaluator on the C stack holds it (a generator's is held by the generator alone).</summary>
    private void AddFrameObjects(ulong frame, EdgeBuffer edges)
    {
        var layout = context.Layout.PyFrameObject;
        for (var i = 0; frame != 0 && i < context.Limits.ChainLength; i++)
        {
            if (context.Memory.U64(frame + (ulong)layout.f_gen) == 0)
                edges.Add(frame, EdgeKind.Extra);
            frame = context.Memory.U64(frame + (ulong)layout.f_back);
        }
    }

    private void AddWords(ulong address, long bytes, EdgeBuffer edges)
    {
        if (bytes is <= 0 or > LargestStruct)
            return;
        var words = context.Items(address, bytes / 8, 8);
        if (words != null)
            edges.AddAll((ulong*)words, bytes / 8, EdgeKind.Cons);
    }
}
