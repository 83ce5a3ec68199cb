using Hognose.Heap.Naming;

namespace Hognose.Insights.Holding;

/// <summary>Variables of functions under way: that of a function which many threads run, or which calls itself, is one variable of many calls.</summary>
internal sealed class CallVariables
{
    private static readonly char[] Digits = [.. "0123456789"];

    private readonly Dictionary<(string File, string Function, string Name), int> _numbers = [];
    private readonly List<List<Holder>> _calls = [];

    public CallVariables(IEnumerable<Holder> holders)
    {
        foreach (var holder in holders)
        {
            if (holder.Kind != HolderKind.Local)
                continue;
            if (_numbers.TryAdd(KeyOf(holder), _calls.Count))
                _calls.Add([]);
            _calls[_numbers[KeyOf(holder)]].Add(holder);
        }
    }

    /// <summary>By variable, what its calls hold, each object once.</summary>
    public IReadOnlyList<IReadOnlyList<Holder>> All => _calls;

    /// <summary>The same for every call of the function.</summary>
    public int NumberOf(Holder variable) => _numbers[KeyOf(variable)];

    /// <summary>What all calls have in common: <c>threads "Thread-…" · work() app.py · local 'chunk'</c>.</summary>
    public string WordsOfAll(Holder variable)
    {
        var calls = _calls[NumberOf(variable)];
        var isOneLine = calls.TrueForAll(call => call.Line == calls[0].Line);
        return $"{ThreadsOf(calls)}{Variable(variable with { Line = isOneLine ? variable.Line : 0 })}";
    }

    public static string WordsOf(Holder variable) => ThreadOf(variable) + Variable(variable);

    private static string Variable(Holder variable) => $"{variable.Function}() {new Place(variable.File, variable.Line)} · local '{variable.Name}'";

    /// <summary>
    /// The main thread needs no name: what it runs is the program. Of others a name alone means something elsewhere: heaps number the threads that are there,
    /// recordings those that allocated.
    /// </summary>
    private static string ThreadOf(Holder holder) =>
        holder.Thread <= 1 ? "" : holder.ThreadName.Length > 0 ? $"thread \"{holder.ThreadName}\" · " : "another thread · ";

    private static string ThreadsOf(List<Holder> calls)
    {
        if (calls.TrueForAll(call => call.Thread == calls[0].Thread))
            return ThreadOf(calls[0]);
        List<string> names = [.. calls.Select(call => call.ThreadName).Distinct()];
        var common = names.Min(name => Common(name, names[0]));
        // Of Thread-10 and Thread-12 the names have "Thread-" in common.
        var before = names[0][..common].TrimEnd(Digits);
        var behind = names.Min(name => Common(Reversed(name[common..]), Reversed(names[0][common..])));
        var after = names[0][^behind..].TrimStart(Digits);
        return before.Length + after.Length == 0 ? "threads · " : names.Count == 1 ? $"threads \"{names[0]}\" · " : $"threads \"{before}…{after}\" · ";
    }

    private static int Common(string name, string other) => name.AsSpan().CommonPrefixLength(other);

    private static string Reversed(string name) => new([.. name.Reverse()]);

    private static (string, string, string) KeyOf(Holder variable) => (variable.File, variable.Function, variable.Name);
}
