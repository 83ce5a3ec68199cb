using Hognose.Diagnostics;
using Hognose.Insights.Holding;
using Hognose.Reports.Terminal;

namespace Hognose.Cli.Commands;

/// <summary>A type that a user names, by its whole name or its end.</summary>
internal static class TypeChoice
{
    private const int MostNames = 8;

    /// <summary>The whole name.</summary>
    /// <exception cref="CannotContinueException">There is no such type with objects, or several end like that.</exception>
    public static string Of(HeldHeap heap, string name, string subject)
    {
        var meant = TypeNames.Meant(heap, name);
        if (meant.Count == 1 && meant[0].EndsWith(name, StringComparison.Ordinal))
            return meant[0];
        var names = string.Join(", ", meant.Take(MostNames).Select(Names.Printable)) + (meant.Count > MostNames ? $" and {meant.Count - MostNames} more" : "");
        throw meant.Count switch
        {
            0 => Absent(name, subject),
            1 => new CannotContinueException($"the program has no object of a type named '{name}'", $"did you mean {names}?"),
            _ => new CannotContinueException($"'{name}' is no type's whole name", $"name one of {names}"),
        };
    }

    public static CannotContinueException Absent(string name, string subject) =>
        new($"the program has no object of a type named '{name}'", $"see 'hognose heap {subject} --all' for the names");
}
