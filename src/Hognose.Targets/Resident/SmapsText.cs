using System.Globalization;
using System.Text;
using Hognose.Diagnostics;
using Hognose.Targets.Processes;

namespace Hognose.Targets.Resident;

/// <summary>Reads <c>/proc/PID/smaps</c>: a line as in maps, then lines "Name:  n kB". Names that are not known are passed over; the kernel adds some.</summary>
public static class SmapsText
{
    public static IReadOnlyList<SmapsEntry> Parse(ReadOnlySpan<byte> text, Limits limits)
    {
        var entries = new List<SmapsEntry>();
        while (!text.IsEmpty && entries.Count < limits.Mappings)
        {
            var line = NextLine(ref text);
            if (IsField(line, out var name, out var bytes))
            {
                if (entries.Count > 0)
                    entries[^1] = With(entries[^1], name, bytes);
            }
            else if (ProcMaps.Parse(line, limits, out _) is [var mapping])
            {
                entries.Add(new SmapsEntry(mapping.Low, mapping.High, mapping.Path, 0, 0, 0, 0, 0, 0));
            }
        }
        return entries;
    }

    private static ReadOnlySpan<byte> NextLine(ref ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)'\n');
        var line = end < 0 ? text : text[..end];
        text = end < 0 ? default : text[(end + 1)..];
        return line;
    }

    /// <summary>A mapping's line begins with hexadecimal digits and a hyphen, a field's with letters and a colon; a path may hold anything.</summary>
    private static bool IsField(ReadOnlySpan<byte> line, out string name, out long bytes)
    {
        name = "";
        bytes = 0;
        var colon = line.IndexOf((byte)':');
        if (colon < 1 || line[..colon].IndexOfAny((byte)' ', (byte)'-') >= 0)
            return false;
        name = Encoding.UTF8.GetString(line[..colon]);
        var value = Encoding.UTF8.GetString(line[(colon + 1)..]).Trim();
        if (value.EndsWith(" kB", StringComparison.Ordinal)
            && long.TryParse(value.AsSpan()[..^3], NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes)
            && kilobytes <= long.MaxValue >> 10)
            bytes = kilobytes << 10;
        return true;
    }

    private static SmapsEntry With(in SmapsEntry entry, string name, long bytes) => name switch
    {
        "Rss" => entry with { Resident = bytes },
        "Pss" => entry with { Proportional = bytes },
        "Shared_Clean" or "Shared_Dirty" => entry with { Shared = entry.Shared + bytes },
        "Private_Clean" or "Private_Dirty" => entry with { Private = entry.Private + bytes },
        "Anonymous" => entry with { Anonymous = bytes },
        "Swap" => entry with { Swapped = bytes },
        _ => entry,
    };
}
