using Hognose.Insights.Families;

namespace Hognose.Reports.Terminal;

/// <summary>How a process of a family came into being, in words.</summary>
public static class FamilyWords
{
    private const string OwnImport = "from multiprocessing.";

    public static string Name(ProcessOrigin origin) => origin switch
    {
        ProcessOrigin.Fork => "fork",
        ProcessOrigin.Exec => "exec",
        ProcessOrigin.Multiprocessing => "multiprocessing",
        ProcessOrigin.Started => "started",
        _ => "program",
    };

    /// <summary>"fork of 4711", "exec: app.py --serve", "multiprocessing.spawn", "app.py".</summary>
    public static string Of(RecordedProcess process) => process.Origin switch
    {
        ProcessOrigin.Fork when process.ParentId == 0 => "fork; it ended before its parent could be told",
        ProcessOrigin.Fork => $"fork of {process.ParentId}",
        ProcessOrigin.Exec => $"exec: {Program(process)}",
        ProcessOrigin.Multiprocessing => Multiprocessing(process),
        _ => Program(process),
    };

    private static string Program(RecordedProcess process) => Names.Printable(string.Join(' ', process.Facts.CommandLine.Skip(1)));

    /// <summary>"from multiprocessing.spawn import spawn_main; …" is what it is given as -c.</summary>
    private static string Multiprocessing(RecordedProcess process)
    {
        if (process.Facts.CommandLine.FirstOrDefault(word => word.StartsWith(OwnImport, StringComparison.Ordinal)) is not { } code)
            return Program(process);
        var end = code.IndexOf(' ', OwnImport.Length);
        return Names.Printable($"multiprocessing.{(end < 0 ? code[OwnImport.Length..] : code[OwnImport.Length..end])}");
    }
}
