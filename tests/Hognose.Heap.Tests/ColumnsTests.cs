using CsCheck;
using Hognose.Columns;

namespace Hognose.Heap.Tests;

/// <summary>Columns that take less than arrays, against arrays.</summary>
public class ColumnsTests
{
    private static readonly Gen<long> AnyNumber = Gen.Frequency(
        (6, Gen.Long[-2, 100]),
        (2, OneOf(short.MinValue, short.MinValue + 1, short.MaxValue, short.MaxValue + 1L, int.MinValue, long.MinValue, long.MaxValue)),
        (1, Gen.Long));

    private static readonly Gen<ulong> AnyStep = Gen.Frequency(
        (20, Gen.ULong[1, 4096]),
        (1, OneOf(uint.MaxValue, 1UL << 32, (1UL << 32) + 1, 1UL << 40)));

    [Fact]
    public void Numbers_are_those_that_were_set_last() => Gen.Select(Gen.Int[1, 40], Gen.Select(Gen.Int[0, 39], AnyNumber).Array[0, 200]).Sample((length, sets) =>
    {
        var column = new NumberColumn(length);
        var array = new long[length];
        foreach (var (index, number) in sets)
            column[index % length] = array[index % length] = number;
        Assert.Equal(array, column);
        Assert.Equal(array.Aggregate(0L, (sum, number) => unchecked(sum + number)), column.Sum());
        Assert.Equal(array, NumberColumn.Of(array));
    });

    [Fact]
    public void A_column_grows_by_zeros_and_shrinks() => Gen.Select(AnyNumber.Array[0, 40], Gen.Int[0, 60], Gen.Int[0, 60]).Sample((numbers, first, second) =>
    {
        var column = NumberColumn.Of(numbers);
        foreach (var length in (int[])[first, second])
        {
            column.Resize(length);
            Array.Resize(ref numbers, length);
            Assert.Equal(numbers, column);
        }
    });

    [Fact]
    public void Threads_may_set_different_entries_at_once()
    {
        const int length = 100_000;
        var column = new NumberColumn(length);
        Parallel.For(0, 4, part =>
        {
            for (var i = part; i < length; i += 4)
                column[i] = NumberAt(i);
        });
        Assert.Equal(Enumerable.Range(0, length).Select(NumberAt), column);

        static long NumberAt(int index) => index % 3 == 0 ? index + 1_000_000_000_000L : index % 100;
    }

    [Fact]
    public void There_is_no_entry_behind_the_last()
    {
        var numbers = NumberColumn.Of([1, 2]);
        Assert.ThrowsAny<Exception>(() => numbers[2]);
        Assert.ThrowsAny<Exception>(() => numbers[-1]);
        var addresses = AddressColumn.Of([16, 32]);
        Assert.Throws<ArgumentOutOfRangeException>(() => addresses[2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => addresses[-1]);
    }

    [Fact]
    public void Addresses_are_those_that_were_added() => AnyStep.Array[0, 400].Sample(steps =>
    {
        var addresses = steps.Aggregate(new List<ulong>(), (list, step) => [.. list, (list.Count > 0 ? list[^1] : 0x1000) + step]);
        var column = AddressColumn.Of([.. addresses]);
        Assert.Equal(addresses, column);
        foreach (var address in addresses)
            foreach (var sought in (ulong[])[address - 1, address, address + 1])
                Assert.Equal(addresses.BinarySearch(sought), column.Search(sought));
    }, iter: 1000);

    [Fact]
    public void Addresses_that_are_added_many_at_once_are_those_added_one_by_one() => Gen.Select(AnyStep.Array[0, 400], Gen.Int[1, 90]).Sample((steps, atOnce) =>
    {
        var addresses = steps.Aggregate(new List<ulong>(), (list, step) => [.. list, (list.Count > 0 ? list[^1] : 0x1000) + step]);
        var column = new AddressColumn();
        foreach (var some in addresses.Chunk(atOnce))
            column.AddAll(some);
        Assert.Equal(addresses, column);
    }, iter: 1000);

    [Fact]
    public void Many_at_once_go_on_in_the_next_run()
    {
        ulong[] addresses = [.. Enumerable.Range(0, 200_000).Select(index => 0x5000_0000 + ((ulong)index * 16))];
        var column = new AddressColumn();
        foreach (var some in addresses.Chunk(999))
            column.AddAll(some);
        Assert.Equal(addresses, column);
        Assert.Throws<ArgumentException>(() => column.AddAll([addresses[^1]]));
        Assert.Throws<ArgumentException>(() => column.AddAll([addresses[^1] + 16, addresses[^1] + 32, addresses[^1] + 32]));
    }

    [Fact]
    public void A_run_of_addresses_ends_and_the_next_begins()
    {
        const int count = 300_000;
        static ulong AddressAt(int index) => 0x5000_0000 + ((ulong)index * 16) + (index > 200_000 ? 0x7f00_0000_0000UL : 0);
        var column = new AddressColumn();
        for (var i = 0; i < count; i++)
            column.Add(AddressAt(i));
        Assert.Equal(Enumerable.Range(0, count).Select(AddressAt), column);
        Assert.Equal(~0, column.Search(0));
        Assert.Equal(200_001, column.Search(AddressAt(200_001)));
        Assert.Equal(~200_001, column.Search(AddressAt(200_001) - 8));
    }

    [Fact]
    public void Addresses_ascend() => Assert.Throws<ArgumentException>(() => AddressColumn.Of([32, 32]));

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(place => values[place]);
}
