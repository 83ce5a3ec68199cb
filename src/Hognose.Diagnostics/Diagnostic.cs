namespace Hognose.Diagnostics;

/// <summary>One thing that could not be read, by a stable id ("HG0102") that the documentation explains.</summary>
/// <param name="Id">Stable; never reused for another meaning.</param>
/// <param name="Message">What, with the address or name where it is known.</param>
public readonly record struct Diagnostic(string Id, string Message);

/// <summary>
/// Keeps the first diagnostics whole and counts all of them by id, so that a broken heap of ten million objects costs a bounded amount
/// of memory and every report can still print an exact tally. Not thread-safe: one bag a worker, then <see cref="Merge"/>.
/// </summary>
public sealed class DiagnosticBag(int keep = 100)
{
    private readonly List<Diagnostic> _kept = [];
    private readonly SortedDictionary<string, long> _tally = new(StringComparer.Ordinal);

    public IReadOnlyList<Diagnostic> Kept => _kept;

    /// <summary>How many of each id were reported, kept or not.</summary>
    public IReadOnlyDictionary<string, long> Tally => _tally;

    public long Total { get; private set; }

    public void Add(string id, string message)
    {
        Count(id, 1);
        if (_kept.Count < keep)
            _kept.Add(new Diagnostic(id, message));
    }

    /// <summary>The same thing, so many times.</summary>
    public void Add(string id, string message, long times)
    {
        if (times <= 0)
            return;
        Add(id, message);
        Count(id, times - 1);
    }

    public void Merge(DiagnosticBag other)
    {
        foreach (var (id, count) in other._tally)
            Count(id, count);
        _kept.AddRange(other._kept.Take(keep - _kept.Count));
    }

    private void Count(string id, long count)
    {
        _tally[id] = _tally.GetValueOrDefault(id) + count;
        Total += count;
    }
}
