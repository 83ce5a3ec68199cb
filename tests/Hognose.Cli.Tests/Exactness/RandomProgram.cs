using System.Text;

namespace Hognose.Cli.Tests.Exactness;

/// <summary>
/// A Python program made from a seed: functions that allocate, keep and free in loops, each called from one place. It keeps to what CPython
/// serves from the allocator and not from a free list (see kinds.py): what is freed is bytes, str and bytearray; loops stay in the small ints.
/// </summary>
internal sealed class RandomProgram
{
    private static readonly string[] Made =
    [
        "bytes({0})", "bytearray({0})", "'x' * {0}", "'é%d' % i + 'y' * {0}", "b'%d' % i * {0}", "('n%d' % i).ljust({0})",
    ];

    private readonly Random _random;
    private readonly StringBuilder _text = new();
    private int _functions;

    public RandomProgram(int seed)
    {
        _random = new Random(seed);
        var root = Function(depth: 0);
        _text.Append("def workload():\n    kept = []\n    ").Append(root).Append("(kept)\n    return kept\n");
    }

    public override string ToString() => _text.ToString();

    private string Function(int depth)
    {
        var callees = new List<string>();
        for (var i = 0; depth < 4 && i < _random.Next(1, 4); i++)
            callees.Add(Function(depth + 1));
        var name = $"f{_functions++}";
        _text.Append("def ").Append(name).Append("(kept):\n    mine = []\n    for i in range(").Append(_random.Next(1, 6)).Append("):\n");
        for (var i = 0; i < _random.Next(2, 8); i++)
            Statement("        ");
        foreach (var callee in callees)
            _text.Append("        ").Append(callee).Append("(kept)\n");
        _text.Append("    kept.append(mine)\n\n");
        return name;
    }

    private void Statement(string indent) => _text.Append(indent).Append(_random.Next(6) switch
    {
        0 => $"mine.append({Value()})\n",
        1 => $"mine.insert(0, {Value()})\n",
        2 => $"if mine: mine[{Size()} % len(mine)] = {Value()}\n",
        3 => "if mine: mine.pop()\n",
        4 => $"x = {Value()}\n",
        _ => $"x = {Value()}\n{indent}kept.append(x[:{Size()}])\n",
    });

    private string Value() => string.Format(System.Globalization.CultureInfo.InvariantCulture, Made[_random.Next(Made.Length)], Size());

    /// <summary>Around the limit of pymalloc, 512 bytes, as often as anywhere.</summary>
    private int Size() => _random.Next(3) switch { 0 => _random.Next(1, 64), 1 => _random.Next(440, 560), _ => _random.Next(1, 20_000) };
}
