using Hognose.Formats.Blocks;

namespace Hognose.Formats.Alloc.Payloads;

/// <summary>The processes of the family (<c>KIDS</c>).</summary>
internal static class FamilyPayload
{
    public static void Write(BlockBuilder blocks, IReadOnlyList<FamilyMember> family)
    {
        blocks.Begin(BlockType.Family);
        foreach (var member in family)
        {
            blocks.Payload.Count(member.ProcessId);
            blocks.Payload.Count(member.ParentId);
            blocks.Payload.Count(member.CommandLine.Count);
            foreach (var word in member.CommandLine)
                blocks.Payload.Text(word);
            blocks.Payload.Count(member.StartedAt.ToUnixTimeMilliseconds());
            blocks.Payload.Count(member.PeakBytes);
            blocks.Payload.Count(member.EndBytes);
            blocks.Payload.Count(member.Allocations);
            blocks.Payload.Count(member.MaximumResidentBytes + 1);
            blocks.Payload.Text(member.File);
            blocks.EntryDone();
        }
        blocks.Finish();
    }

    public static void Read(ref PayloadReader payload, List<FamilyMember> family)
    {
        while (!payload.IsAtEnd)
        {
            StackColumns.CheckRoom(family.Count);
            var (process, parent) = (payload.Int32(), payload.Int32());
            var words = new List<string>();
            for (var left = payload.Count(); left > 0; left--)
            {
                StackColumns.CheckRoom(words.Count);
                words.Add(payload.Text());
            }
            var started = payload.Count();
            if (started > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
                throw new MalformedPayloadException("names a time that does not exist");
            family.Add(new FamilyMember(
                process, parent, words, DateTimeOffset.FromUnixTimeMilliseconds(started), payload.Count(), payload.Count(), payload.Count(), payload.Count() - 1, payload.Text()));
        }
    }
}
