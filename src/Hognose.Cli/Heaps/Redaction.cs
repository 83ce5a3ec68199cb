using System.Security.Cryptography;
using System.Text;
using Hognose.Heap.Naming;

namespace Hognose.Cli.Heaps;

/// <summary>
/// Names as hashes, so that a file can be given away: equal names stay equal within one file. The key of the hash is made for that file and stored
/// nowhere, so that trying likely names tells nothing.
/// </summary>
internal sealed class Redaction
{
    private const int HexDigits = 10;

    private readonly byte[]? _key;
    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);

    private Redaction(byte[]? key) => _key = key;

    /// <summary>Leaves every name.</summary>
    public static Redaction None => new(null);

    public static Redaction WithNewKey() => new(RandomNumberGenerator.GetBytes(32));

    public bool IsOn => _key is not null;

    /// <summary>Names that Python gave are no secret, and reports lean on them: __closure__, gi_frame.</summary>
    public string Of(string? name)
    {
        if (string.IsNullOrEmpty(name))
            return "";
        if (_key is null || name == "gi_frame" || (name.StartsWith("__", StringComparison.Ordinal) && name.EndsWith("__", StringComparison.Ordinal)))
            return name;
        if (!_known.TryGetValue(name, out var hash))
            _known[name] = hash = "x" + Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(name)))[..HexDigits];
        return hash;
    }

    /// <summary>From 3.14 on Python tells the kernel what threads are called, and the main thread's name, cut off, is that of the process.</summary>
    public string OfProgram(string program, IEnumerable<RunningThread> threads) =>
        threads.Any(thread => thread.Name.StartsWith(program, StringComparison.Ordinal)) ? Of(program) : program;
}
