using Hognose.Formats.Blocks;

namespace Hognose.Formats.Heap.Payloads;

/// <summary>What objects call themselves: node, name, how many free variables, each one's name.</summary>
internal static class OwnNamesPayload
{
    private const int MostVariables = 1 << 16;

    public static void Write(BlockBuilder blocks, HeapFile heap)
    {
        blocks.Begin(BlockType.OwnNames);
        foreach (var node in heap.OwnNames.Keys.Union(heap.FreeVariables.Keys).Order())
        {
            var variables = heap.FreeVariables.GetValueOrDefault(node) ?? [];
            blocks.Payload.Count(node);
            blocks.Payload.Text(heap.OwnNames.GetValueOrDefault(node) ?? "");
            blocks.Payload.Count(Math.Min(variables.Count, MostVariables));
            foreach (var variable in variables.Take(MostVariables))
                blocks.Payload.Text(variable);
            blocks.EntryDone();
        }
        blocks.Finish();
    }

    public static void Read(
        ref PayloadReader payload, Dictionary<int, string> names, Dictionary<int, IReadOnlyList<string>> variables, int nodes)
    {
        while (!payload.IsAtEnd)
        {
            var node = payload.Index(nodes);
            names[node] = payload.Text();
            var free = new string[payload.Index(MostVariables + 1)];
            for (var i = 0; i < free.Length; i++)
                free[i] = payload.Text();
            if (free.Length > 0)
                variables[node] = free;
        }
    }
}
