namespace Hognose.Formats.Blocks;

/// <summary>Tagged values: tag, length, value.</summary>
internal readonly struct FieldWriter(PayloadWriter payload)
{
    public void Text(int tag, string value)
    {
        payload.Count(tag);
        payload.Text(value);
    }

    public void Count(int tag, long value)
    {
        payload.Count(tag);
        Span<byte> number = stackalloc byte[sizeof(long)];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(number, value);
        var length = sizeof(long);
        while (length > 0 && number[length - 1] == 0)
            length--;
        payload.Count(length);
        payload.Raw(number[..length]);
    }
}

/// <summary>Tagged values by tag. A missing number is 0, a missing text empty: facts are added over time.</summary>
internal sealed class FieldSet
{
    private const int MaximumFields = 1 << 20;
    private readonly Dictionary<ulong, List<byte[]>> _values = [];

    public static FieldSet Read(ref PayloadReader payload)
    {
        var fields = new FieldSet();
        for (var count = 0; !payload.IsAtEnd; count++)
        {
            if (count == MaximumFields)
                throw new MalformedPayloadException("holds too many facts");
            var tag = payload.Number();
            if (!fields._values.TryGetValue(tag, out var values))
                fields._values[tag] = values = [];
            values.Add(payload.Slice().ToArray());
        }
        return fields;
    }

    public string Text(int tag) => Last(tag) is { } value ? System.Text.Encoding.UTF8.GetString(value) : "";

    public IReadOnlyList<string> Texts(int tag) =>
        _values.TryGetValue((ulong)tag, out var values) ? values.ConvertAll(System.Text.Encoding.UTF8.GetString) : [];

    public long Count(int tag)
    {
        var value = Last(tag) ?? [];
        if (value.Length > sizeof(long))
            throw new MalformedPayloadException("holds a fact out of range");
        Span<byte> number = stackalloc byte[sizeof(long)];
        number.Clear();
        value.CopyTo(number);
        var count = System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(number);
        return count >= 0 ? count : throw new MalformedPayloadException("holds a fact out of range");
    }

    public int Int32(int tag)
    {
        var value = Count(tag);
        return value <= int.MaxValue ? (int)value : throw new MalformedPayloadException("holds a fact out of range");
    }

    private byte[]? Last(int tag) => _values.TryGetValue((ulong)tag, out var values) ? values[^1] : null;
}
