using System.CommandLine;
using Hognose.Cli.Heaps;
using Hognose.Diagnostics;
using Hognose.Formats.Heap;

namespace Hognose.Cli.Commands;

/// <summary>A question about a heap: its first argument names the heap.</summary>
internal abstract class HeapQuestion : HognoseVerb
{
    private readonly Argument<string> _heap = new("pid");
    private readonly CopyWayOptions _way = new();
    private readonly Option<string?> _sysroot = new("--sysroot");
    private readonly Option<bool> _json = new("--json");
    private readonly Terminal _terminal;

    protected HeapQuestion(string name, string description, Terminal terminal)
        : base(name, description)
    {
        Arguments.Add(_heap);
        _way.AddTo(this);
        Options.Add(_sysroot);
        Options.Add(_json);
        _terminal = terminal;
        SetAction(parsed => Answer(parsed, terminal));
    }

    /// <summary>Reads the heap, answers, prints; returns the exit status.</summary>
    protected abstract int Answer(ParseResult parsed, Terminal terminal);

    /// <summary>The heap as the user named it.</summary>
    protected string HeapOf(ParseResult parsed) => parsed.GetValue(_heap)!;

    protected bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <exception cref="CannotContinueException">It can't be read, or is no Python that we know.</exception>
    protected HeapReading Read(ParseResult parsed, bool readsAccount = false, HeapColumns columns = HeapColumns.All, bool asksForBirths = false) => HeapReading.Of(
        HeapSource.Parse(HeapOf(parsed), parsed.GetValue(_sysroot), _way.Of(parsed)), Limits.Default, CancellationToken.None, readsAccount, _terminal, columns, asksForBirths);

    /// <exception cref="CannotContinueException">Not 1 or more.</exception>
    protected static int Positive(ParseResult parsed, Option<int> option, string what)
    {
        var value = parsed.GetValue(option);
        return value >= 1 ? value : throw new CannotContinueException($"cannot list {value} {what}", $"give {option.Name} a number of 1 or more");
    }
}
