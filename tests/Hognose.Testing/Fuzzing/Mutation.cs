using System.Buffers.Binary;

namespace Hognose.Testing.Fuzzing;

/// <summary>Bytes that are nearly right: what a reader that trusts a length, a count or an offset trips over.</summary>
public static class Mutation
{
    private static readonly byte[] Edges = [0, 1, 2, 0x10, 0x7f, 0x80, 0x81, 0xfe, 0xff];

    private static readonly ulong[] Words =
        [0, 1, 0x7f, 0xff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 1UL << 32, 1UL << 47, (1UL << 63) - 1, 1UL << 63, ulong.MaxValue - 4095, ulong.MaxValue];

    /// <summary>One to six changes, at places of its choice.</summary>
    public static byte[] Of(byte[] bytes, Random random) => Of(bytes, random, bytes.Length);

    /// <param name="bytes">Left as they are.</param>
    /// <param name="random">Decides.</param>
    /// <param name="within">Changes begin before this.</param>
    public static byte[] Of(byte[] bytes, Random random, int within)
    {
        var changed = bytes.ToList();
        for (var left = random.Next(1, 7); left > 0; left--)
            Change(changed, random, Math.Min(within, changed.Count));
        return [.. changed];
    }

    private static void Change(List<byte> bytes, Random random, int within)
    {
        if (within == 0)
        {
            bytes.Add((byte)random.Next(256));
            return;
        }
        var at = random.Next(within);
        var length = Math.Min(bytes.Count - at, random.Next(1, 24));
        switch (random.Next(9))
        {
            case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 1: bytes[at] = Edges[random.Next(Edges.Length)]; break;
            case 2: bytes[at] = (byte)random.Next(256); break;
            case 3: PutWord(bytes, at, Words[random.Next(Words.Length)], random.Next(2) == 0 ? 4 : 8); break;
            case 4: PutNumber(bytes, at, Words[random.Next(Words.Length)]); break;
            case 5: bytes.RemoveRange(at, length); break;
            case 6: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
            case 7: bytes.RemoveRange(at, random.Next(20) == 0 ? bytes.Count - at : 1); break;
            default: PutWord(bytes, at, (ulong)random.Next(64), 1); break;
        }
    }

    private static void PutWord(List<byte> bytes, int at, ulong word, int length)
    {
        var encoded = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(encoded, word);
        for (var i = 0; i < length && at + i < bytes.Count; i++)
            bytes[at + i] = encoded[i];
    }

    /// <summary>As the block formats write numbers: seven bits a byte.</summary>
    private static void PutNumber(List<byte> bytes, int at, ulong number)
    {
        var encoded = new List<byte>();
        for (; number >= 0x80; number >>= 7)
            encoded.Add((byte)(number | 0x80));
        encoded.Add((byte)number);
        bytes.RemoveAt(at);
        bytes.InsertRange(at, encoded);
    }
}
