using System.Globalization;
using Hognose.Diagnostics;

namespace Hognose.Cli.Commands;

/// <summary>The pid that a command is given.</summary>
internal static class ProcessArgument
{
    public static int Parse(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var processId) && processId > 0
            ? processId
            : throw new CannotContinueException($"'{text}' is no pid", "give the number of a process, as pgrep -a python shows it");
}
