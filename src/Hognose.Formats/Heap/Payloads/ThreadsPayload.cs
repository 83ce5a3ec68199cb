using Hognose.Formats.Blocks;

namespace Hognose.Formats.Heap.Payloads;

/// <summary>Entries with a leading byte: 1 a thread (number, name, the kernel's id), 2 a frame of the thread before it (function, file, line, variables).</summary>
internal static class ThreadsPayload
{
    private const byte Thread = 1;
    private const byte Frame = 2;

    // Of one function; so an entry stays far below what a block may hold.
    private const int MostVariables = 1 << 10;

    public static void Write(BlockBuilder blocks, IReadOnlyList<HeapFileThread> threads)
    {
        blocks.Begin(BlockType.Threads);
        foreach (var thread in threads)
        {
            blocks.Payload.Byte(Thread);
            blocks.Payload.Count(thread.Number);
            blocks.Payload.Text(thread.Name);
            blocks.Payload.Count(thread.NativeId);
            blocks.EntryDone();
            foreach (var frame in thread.Frames)
                Write(blocks, frame);
        }
        blocks.Finish();
    }

    public static void Read(ref PayloadReader payload, List<HeapFileThread> threads, int nodes)
    {
        while (!payload.IsAtEnd)
        {
            var kind = payload.Byte();
            if (kind == Thread && threads.Count < HeapFormat.MaximumEntries)
                threads.Add(new HeapFileThread(payload.Int32(), payload.Text(), payload.Count(), new List<HeapFileFrame>()));
            else if (kind == Frame && threads.Count > 0 && threads[^1].Frames.Count < HeapFormat.MaximumEntries)
                ((List<HeapFileFrame>)threads[^1].Frames).Add(ReadFrame(ref payload, nodes));
            else
                throw new MalformedPayloadException("holds a thread that cannot be");
        }
    }

    private static void Write(BlockBuilder blocks, HeapFileFrame frame)
    {
        blocks.Payload.Byte(Frame);
        blocks.Payload.Text(frame.Function);
        blocks.Payload.Text(frame.File);
        blocks.Payload.Count(frame.Line);
        blocks.Payload.Count(Math.Min(frame.Variables.Count, MostVariables));
        foreach (var variable in frame.Variables.Take(MostVariables))
        {
            blocks.Payload.Text(variable.Name);
            blocks.Payload.Count(variable.Node);
        }
        blocks.EntryDone();
    }

    private static HeapFileFrame ReadFrame(ref PayloadReader payload, int nodes)
    {
        var (function, file, line) = (payload.Text(), payload.Text(), payload.Int32());
        var variables = new HeapFileVariable[payload.Index(MostVariables + 1)];
        for (var i = 0; i < variables.Length; i++)
            variables[i] = new HeapFileVariable(payload.Text(), payload.Index(nodes));
        return new HeapFileFrame(function, file, line, variables);
    }
}
