using System.Globalization;

namespace Hognose.Cli.Running;

/// <summary>Names of threads as the kernel has them.</summary>
internal static class ThreadComm
{
    /// <returns>Empty when it has gone.</returns>
    public static string Of(int processId, long thread)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/task/{thread}/comm")).TrimEnd('\n');
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
