using System.Globalization;

namespace Hognose.Cli.Recordings;

/// <summary>Where the recordings of a program's other processes go: beside its own, with their process id in the name.</summary>
/// <param name="path">What the user asked for; null: a name made of the program's.</param>
/// <param name="programName">"app" of "app.py".</param>
/// <param name="keepsEvents">As of the program itself.</param>
internal sealed class RecordingName(string? path, string programName, bool keepsEvents)
{
    private readonly Dictionary<int, int> _programs = [];

    /// <summary>A process may run one program after another (exec): each gets a file.</summary>
    public RecordingFile CreateFor(int process) => RecordingFile.Create(NameFor(process), programName, keepsEvents);

    private string NameFor(int process)
    {
        var turn = _programs[process] = _programs.GetValueOrDefault(process) + 1;
        var number = process.ToString(CultureInfo.InvariantCulture) + (turn > 1 ? $".{turn}" : "");
        return path is null || FileKind.IsSpecial(path)
            ? $"hognose-{programName}.{number}.alloc"
            : $"{Path.ChangeExtension(path, null)}.{number}{(Path.HasExtension(path) ? Path.GetExtension(path) : ".alloc")}";
    }
}
