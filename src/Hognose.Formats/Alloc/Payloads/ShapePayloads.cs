using Hognose.Formats.Blocks;

namespace Hognose.Formats.Alloc.Payloads;

/// <summary>How allocations were spread: threads, then sizes and allocators, then the time.</summary>
internal static class ShapePayloads
{
    private const int SizeKind = 0;
    private const int DomainKind = 1;

    public static void Write(BlockBuilder blocks, RecordingShape shape)
    {
        blocks.Begin(BlockType.Threads);
        foreach (var thread in shape.Threads)
        {
            blocks.Payload.Count(thread.Index);
            blocks.Payload.Count(thread.KernelId);
            blocks.Payload.Text(thread.Name);
            blocks.Payload.Count(thread.Allocations);
            blocks.Payload.Count(thread.Bytes);
            blocks.Payload.Count(thread.NeverFreedBytes);
            blocks.EntryDone();
        }
        blocks.Begin(BlockType.Shapes);
        foreach (var size in shape.Sizes)
            WriteShape(blocks, SizeKind, size.Exponent, size.Allocations, size.Bytes);
        foreach (var domain in shape.Domains)
            WriteShape(blocks, DomainKind, domain.Domain, domain.Allocations, domain.Bytes);
        blocks.Begin(BlockType.Rates);
        foreach (var rate in shape.Rates)
        {
            blocks.Payload.Count(rate.Allocations);
            blocks.Payload.Count(rate.Bytes);
            blocks.EntryDone();
        }
        blocks.Finish();
    }

    public static void ReadThreads(ref PayloadReader payload, List<ThreadUsage> threads)
    {
        while (!payload.IsAtEnd)
        {
            StackColumns.CheckRoom(threads.Count);
            threads.Add(new ThreadUsage(payload.Int32(), payload.Count(), payload.Text(), payload.Count(), payload.Count(), payload.Count()));
        }
    }

    public static void ReadShapes(ref PayloadReader payload, List<SizeClass> sizes, List<DomainUsage> domains)
    {
        while (!payload.IsAtEnd)
        {
            var (kind, number, allocations, bytes) = (payload.Int32(), payload.Index(64), payload.Count(), payload.Count());
            if (kind == SizeKind)
                sizes.Add(new SizeClass(number, allocations, bytes));
            else if (kind == DomainKind)
                domains.Add(new DomainUsage(number, allocations, bytes));
            StackColumns.CheckRoom(sizes.Count + domains.Count);
        }
    }

    public static void ReadRates(ref PayloadReader payload, List<AllocationRate> rates)
    {
        while (!payload.IsAtEnd)
        {
            StackColumns.CheckRoom(rates.Count);
            rates.Add(new AllocationRate(payload.Count(), payload.Count()));
        }
    }

    private static void WriteShape(BlockBuilder blocks, int kind, int number, long allocations, long bytes)
    {
        blocks.Payload.Count(kind);
        blocks.Payload.Count(number);
        blocks.Payload.Count(allocations);
        blocks.Payload.Count(bytes);
        blocks.EntryDone();
    }
}
