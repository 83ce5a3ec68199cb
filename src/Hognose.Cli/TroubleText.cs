using Hognose.Diagnostics;

namespace Hognose.Cli;

/// <summary>The one place that puts trouble into words on stderr.</summary>
internal static class TroubleText
{
    private const string DebugVariable = "HOGNOSE_DEBUG";

    public static int Print(TextWriter error, CannotContinueException trouble)
    {
        var remedy = trouble.Remedy.Length == 0 ? "" : ": " + trouble.Remedy;
        error.WriteLine(OneLine($"hognose: {trouble.Message}{remedy}"));
        if (WantsTrace)
            error.WriteLine(trouble);
        return trouble.ExitStatus;
    }

    /// <summary>Something to know about what is shown; not a failure.</summary>
    public static void PrintNotice(TextWriter error, string notice) => error.WriteLine(OneLine($"hognose: {notice}"));

    public static void PrintBug(TextWriter error, Exception bug)
    {
        error.WriteLine(OneLine($"hognose: this is a bug in hognose: {bug.GetType().Name}: {bug.Message}{(WantsTrace ? "" : $" (set {DebugVariable}=1 to see where, and report it please)")}"));
        if (WantsTrace)
            error.WriteLine(bug);
    }

    private static bool WantsTrace => Environment.GetEnvironmentVariable(DebugVariable) is { Length: > 0 } value && value != "0";

    // File names may hold anything, also escape sequences and line breaks.
    private static string OneLine(string text) => string.Create(text.Length, text, static (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
            span[i] = char.IsControl(source[i]) ? '?' : source[i];
    });
}
