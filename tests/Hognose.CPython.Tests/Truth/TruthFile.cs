using System.Globalization;

namespace Hognose.CPython.Tests.Truth;

/// <summary>What a Python says of one of its objects (Programs/truth.py).</summary>
/// <param name="Size"><c>sys.getsizeof</c>, or -1 where it raises.</param>
internal sealed record TrueObject(ulong Address, ulong Type, long Size, bool IsTracked, ulong[] Referents);

/// <summary>The truth that a program wrote.</summary>
internal sealed class TruthFile
{
    public Dictionary<ulong, TrueObject> Objects { get; } = [];

    public Dictionary<ulong, string> TypeNames { get; } = [];

    /// <summary><c>sys.getallocatedblocks()</c> just before the program waited.</summary>
    public long AllocatedBlocks { get; private set; }

    public static TruthFile Read(string path)
    {
        var truth = new TruthFile();
        var ended = false;
        foreach (var line in File.ReadLines(path))
            ended |= truth.Add(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return ended ? truth : throw new InvalidOperationException($"{path} is cut short");
    }

    public string NameOf(ulong type) => TypeNames.GetValueOrDefault(type, "?");

    private bool Add(string[] words)
    {
        switch (words[0])
        {
            case "B":
                AllocatedBlocks = (long)Hex(words[1]);
                break;
            case "T":
                TypeNames[Hex(words[1])] = words[2];
                break;
            case "O":
                var size = words[3] == "-1" ? -1 : (long)Hex(words[3]);
                Objects[Hex(words[1])] = new TrueObject(
                    Hex(words[1]), Hex(words[2]), size, words[4] == "1", [.. words.Skip(5).Select(Hex)]);
                break;
        }
        return words[0] == "E";
    }

    private static ulong Hex(string text) => ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
