namespace Hognose.Formats.Blocks;

/// <summary>Adds up numbers of a kind as a file tells them, so that whoever adds up some of them later may do so without a thought for overflow.</summary>
/// <param name="most">That can be.</param>
/// <param name="what">Of which there are too many, as "holds a recording of more bytes" goes on "than there can be".</param>
internal struct Total(long most, string what)
{
    private long _sum;

    /// <summary>A negative number says that nothing is known.</summary>
    public void Add(long number)
    {
        if (number > most - _sum)
            throw new MalformedPayloadException($"{what} than there can be");
        _sum += Math.Max(0, number);
    }

    /// <summary>The product of both.</summary>
    public void Add(long number, long times)
    {
        if (number > 0 && times > most / number)
            throw new MalformedPayloadException($"{what} than there can be");
        Add(number * times);
    }
}
