using System.Text;
using Hognose.Targets.Native;

namespace Hognose.Targets.Launch;

/// <summary>Our own arguments as the kernel got them: .NET decodes them as UTF-8, which loses file names in other encodings.</summary>
public static class RawArguments
{
    /// <summary>The bytes of our last arguments, which decoded read as <paramref name="decoded"/>; those encoded anew when our own don't match them.</summary>
    public static IReadOnlyList<byte[]> Tail(IReadOnlyList<string> decoded)
    {
        if (ProcFile.TryRead("/proc/self/cmdline", out var line, out _))
        {
            var all = Split(line);
            var tail = all.Skip(all.Count - decoded.Count).ToList();
            if (all.Count > decoded.Count && tail.Select(Encoding.UTF8.GetString).SequenceEqual(decoded))
                return tail;
        }
        return [.. decoded.Select(Encoding.UTF8.GetBytes)];
    }

    private static List<byte[]> Split(byte[] line)
    {
        var arguments = new List<byte[]>();
        var start = 0;
        for (var end = Array.IndexOf(line, (byte)0); end >= 0; end = Array.IndexOf(line, (byte)0, start))
        {
            arguments.Add(line[start..end]);
            start = end + 1;
            if (start >= line.Length)
                break;
        }
        return arguments;
    }
}
