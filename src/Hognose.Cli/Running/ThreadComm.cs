using System.Globalization;

namespace Hognose.Cli.Running;

/// <summary>Names of a program's threads as the kernel has them; CPython tells it theirs from 3.14 on.</summary>
internal static class ThreadComm
{
    /// <returns>From a thread's kernel id to its name; empty when it has gone.</returns>
    public static Func<long, string> Of(int processId) => thread =>
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/task/{thread}/comm")).TrimEnd('\n');
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    };
}
