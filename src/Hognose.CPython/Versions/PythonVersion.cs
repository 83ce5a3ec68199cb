using System.Globalization;

namespace Hognose.CPython.Versions;

/// <summary>A full version of CPython, ordered as CPython's <c>PY_VERSION_HEX</c> is (Include/patchlevel.h).</summary>
/// <param name="Hex">Bytes from the top: major, minor, micro; then the release level (0xA alpha, 0xB beta, 0xC candidate, 0xF final) and its serial.</param>
public readonly record struct PythonVersion(uint Hex) : IComparable<PythonVersion>
{
    private const int FinalLevel = 0xF;

    public PythonVersion(int major, int minor, int micro)
        : this(((uint)major << 24) | ((uint)minor << 16) | ((uint)micro << 8) | (FinalLevel << 4))
    {
    }

    public int Major => (int)(Hex >> 24);

    public int Minor => (int)(Hex >> 16) & 0xFF;

    public int Micro => (int)(Hex >> 8) & 0xFF;

    public bool IsFinal => ((Hex >> 4) & 0xF) == FinalLevel;

    public bool IsSameMinorAs(PythonVersion other) => Hex >> 16 == other.Hex >> 16;

    /// <summary>Parses "3.11.7"; a release level is not accepted.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out PythonVersion version)
    {
        version = default;
        Span<Range> parts = stackalloc Range[4];
        if (text.Split(parts, '.') != 3)
            return false;
        Span<byte> numbers = stackalloc byte[3];
        for (var i = 0; i < 3; i++)
            if (!byte.TryParse(text[parts[i]], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                return false;
        version = new PythonVersion(numbers[0], numbers[1], numbers[2]);
        return true;
    }

    public int CompareTo(PythonVersion other) => Hex.CompareTo(other.Hex);

    public static bool operator <(PythonVersion left, PythonVersion right) => left.Hex < right.Hex;

    public static bool operator >(PythonVersion left, PythonVersion right) => left.Hex > right.Hex;

    public static bool operator <=(PythonVersion left, PythonVersion right) => left.Hex <= right.Hex;

    public static bool operator >=(PythonVersion left, PythonVersion right) => left.Hex >= right.Hex;

    /// <summary>As Python prints it: "3.11.7", "3.15.0rc2".</summary>
    public override string ToString() => $"{Major}.{Minor}.{Micro}{Level}";

    private string Level => ((Hex >> 4) & 0xF) switch
    {
        0xA => $"a{Hex & 0xF}",
        0xB => $"b{Hex & 0xF}",
        0xC => $"rc{Hex & 0xF}",
        _ => "",
    };
}
