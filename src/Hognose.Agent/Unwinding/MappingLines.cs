namespace Hognose.Agent.Unwinding;

/// <summary>A line of /proc/self/maps.</summary>
internal unsafe struct MappingLine
{
    public nuint Low;
    public nuint High;
    public nuint Offset;

    /// <summary>Device and inode together; 0 where there is no file.</summary>
    public ulong File;
    public byte* Path;
    public nuint PathLength;

    public readonly bool Holds(nuint address) => address >= Low && address < High;
}

/// <summary>Reads /proc/self/maps line by line. Neither libc's lock of the list of libraries nor its allocator is touched.</summary>
internal unsafe struct MappingLines
{
    /// <summary>Bytes of the caller's buffer: twice the longest path.</summary>
    public const int Capacity = 8192;

    private byte* _buffer;
    private int _descriptor;
    private nuint _at;
    private nuint _filled;

    public static bool Open(byte* buffer, out MappingLines lines)
    {
        lines._buffer = buffer;
        lines._at = lines._filled = 0;
        lines._descriptor = Libc.open(Text.C("/proc/self/maps"u8), Libc.OpenCloseOnExec);
        return lines._descriptor >= 0;
    }

    public readonly void Close() => Libc.close(_descriptor);

    /// <summary>False: that was the last. What it points to holds until the next call.</summary>
    public bool Next(out MappingLine line)
    {
        line = default;
        var end = LineEnd();
        if (end == null)
            return false;
        var at = _buffer + _at;
        _at = (nuint)(end - _buffer) + 1;
        line.Low = (nuint)Hex(ref at);
        line.High = (nuint)Hex(ref at);
        at += 5; // "r-xp "
        line.Offset = (nuint)Hex(ref at);
        var device = (Hex(ref at) << 8) | Hex(ref at);
        ulong inode = 0;
        for (; *at is >= (byte)'0' and <= (byte)'9'; at++)
            inode = (inode * 10) + *at - (byte)'0';
        line.File = inode == 0 ? 0 : (inode << 20) ^ device;
        while (*at == (byte)' ')
            at++;
        line.Path = at;
        line.PathLength = at < end ? (nuint)(end - at) : 0;
        return true;
    }

    /// <summary>Null: there is none. A line longer than the buffer ends all.</summary>
    private byte* LineEnd()
    {
        while (true)
        {
            for (var at = _at; at < _filled; at++)
                if (_buffer[at] == (byte)'\n')
                    return _buffer + at;
            Libc.memmove(_buffer, _buffer + _at, _filled - _at);
            _filled -= _at;
            _at = 0;
            var got = _filled < Capacity ? Libc.read(_descriptor, _buffer + _filled, Capacity - _filled) : 0;
            if (got <= 0)
                return null;
            _filled += (nuint)got;
        }
    }

    /// <summary>A number and the character behind it.</summary>
    private static ulong Hex(ref byte* at)
    {
        ulong number = 0;
        for (; ; at++)
        {
            int digit = *at;
            if (digit is >= '0' and <= '9')
                digit -= '0';
            else if (digit is >= 'a' and <= 'f')
                digit -= 'a' - 10;
            else
                break;
            number = (number << 4) | (uint)digit;
        }
        at++;
        return number;
    }
}
