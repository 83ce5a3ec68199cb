using CsCheck;
using Hognose.Formats.Blocks;

namespace Hognose.Formats.Tests;

/// <summary>Numbers in columns are read sixteen at a time; what comes out is what one at a time gives.</summary>
public class PayloadTests
{
    /// <summary>Mostly of one byte, with longer ones between; some columns have none of the one kind or the other.</summary>
    private static readonly Gen<int[]> Columns = Gen.Frequency((9, Gen.Int[0, 127]), (1, Gen.Int[128, 1 << 20])).Array[0, 70];

    [Fact]
    public void A_column_is_read_as_number_by_number() => Columns.Sample(
        column =>
        {
            var payload = new PayloadWriter();
            foreach (var number in column)
                payload.Count(number);
            payload.Count(77);
            var columns = new PayloadReader(payload.Written);
            var read = new int[column.Length];
            columns.Indices(read, (1 << 20) + 1);
            Assert.Equal(column, read);
            Assert.Equal(77, columns.Count());
            Assert.True(columns.IsAtEnd);

            var skipping = new PayloadReader(payload.Written);
            skipping.Skip(column.Length);
            Assert.Equal(77, skipping.Count());
        },
        seed: "0001Vt7_9nQ2",
        iter: 2_000);

    [Fact]
    public void Numbers_at_once_are_those_written_and_read_one_by_one() => Gen.OneOf(Gen.ULong[0, 127], Gen.ULong[128, 1 << 20], Gen.ULong).Array[0, 40].Sample(
        column =>
        {
            var (single, many) = (new PayloadWriter(), new PayloadWriter());
            foreach (var number in column)
                single.Number(number);
            many.Numbers(column);
            Assert.Equal(single.Written.ToArray(), many.Written.ToArray());
            var payload = new PayloadReader(many.Written);
            var read = new ulong[column.Length];
            payload.Numbers(read);
            Assert.Equal(column, read);
            Assert.True(payload.IsAtEnd);
        },
        seed: "0001Vt7_9nQ2",
        iter: 2_000);

    [Fact]
    public void A_number_of_more_than_64_bits_is_noticed_among_others()
    {
        byte[] payload = [1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 2, 1, 1, 1, 1, 1, 1, 1, 1];
        Assert.Throws<MalformedPayloadException>(() => new PayloadReader(payload).Numbers(new ulong[3]));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(127)]
    [InlineData(300)]
    public void An_index_out_of_range_is_found_wherever_it_stands(int limit)
    {
        for (var at = 0; at < 40; at++)
        {
            var payload = new PayloadWriter();
            for (var i = 0; i < 40; i++)
                payload.Count(i == at ? limit : 0);
            Assert.Throws<MalformedPayloadException>(() => new PayloadReader(payload.Written).Indices(new int[40], limit));
        }
    }

    [Fact]
    public void A_column_that_ends_early_is_noticed()
    {
        var payload = new PayloadWriter();
        for (var i = 0; i < 20; i++)
            payload.Count(1);
        Assert.Throws<MalformedPayloadException>(() => new PayloadReader(payload.Written).Indices(new int[21], 2));
        Assert.Throws<MalformedPayloadException>(() => new PayloadReader(payload.Written).Skip(21));
        Assert.Throws<MalformedPayloadException>(() => new PayloadReader(payload.Written).Numbers(new ulong[21]));
    }
}
