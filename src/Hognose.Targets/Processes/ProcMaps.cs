using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Hognose.Diagnostics;
using Hognose.Targets.Memory;

namespace Hognose.Targets.Processes;

/// <summary>
/// Reads <c>/proc/PID/maps</c> (proc_pid_maps(5)). The paths in it are the target's choice, so a name may hold anything but a newline,
/// which the kernel writes as <c>\012</c>. A line that is not one, or that goes backwards, is counted and left out.
/// </summary>
public static class ProcMaps
{
    private static ReadOnlySpan<byte> Deleted => " (deleted)"u8;

    /// <summary>Mappings in ascending order without overlaps, at most <see cref="Limits.Mappings"/> of them.</summary>
    public static IReadOnlyList<Mapping> Parse(ReadOnlySpan<byte> text, Limits limits, out int malformedLines)
    {
        var mappings = new List<Mapping>();
        malformedLines = 0;
        while (!text.IsEmpty && mappings.Count < limits.Mappings)
        {
            var line = NextLine(ref text);
            if (line.IsEmpty)
                continue;
            if (TryParseLine(line, out var mapping) && (mappings.Count == 0 || mappings[^1].High <= mapping.Low))
                mappings.Add(mapping);
            else
                malformedLines++;
        }
        return mappings;
    }

    private static ReadOnlySpan<byte> NextLine(ref ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)'\n');
        var line = end < 0 ? text : text[..end];
        text = end < 0 ? default : text[(end + 1)..];
        return line;
    }

    private static bool TryParseLine(ReadOnlySpan<byte> line, out Mapping mapping)
    {
        mapping = default;
        if (!TryTakeHex(ref line, (byte)'-', out var low)
            || !TryTakeHex(ref line, (byte)' ', out var high)
            || low >= high
            || !TryTakeAccess(ref line, out var access)
            || !TryTakeHex(ref line, (byte)' ', out var offset)
            || !TryTakeField(ref line, out var device)
            || !TryTakeInode(ref line, out var inode))
            return false;

        var path = line.TrimStart((byte)' ');
        var deleted = inode != 0 && path.EndsWith(Deleted);
        if (deleted)
            path = path[..^Deleted.Length];
        mapping = new Mapping(
            new TargetAddress(low), new TargetAddress(high), access, offset, Encoding.UTF8.GetString(device), inode, PathOf(path), deleted);
        return true;
    }

    private static bool TryTakeHex(ref ReadOnlySpan<byte> line, byte terminator, out ulong value)
    {
        value = 0;
        var end = line.IndexOf(terminator);
        if (end is < 1 or > 16
            || !ulong.TryParse(line[..end], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value))
            return false;
        line = line[(end + 1)..];
        return true;
    }

    private static bool TryTakeAccess(ref ReadOnlySpan<byte> line, out MappingAccess access)
    {
        access = MappingAccess.None;
        if (line.Length < 5 || line[4] != ' ')
            return false;
        if (line[0] == 'r')
            access |= MappingAccess.Read;
        if (line[1] == 'w')
            access |= MappingAccess.Write;
        if (line[2] == 'x')
            access |= MappingAccess.Execute;
        if (line[3] == 's')
            access |= MappingAccess.Shared;
        line = line[5..];
        return true;
    }

    private static bool TryTakeField(ref ReadOnlySpan<byte> line, out ReadOnlySpan<byte> field)
    {
        var end = line.IndexOf((byte)' ');
        field = end < 0 ? default : line[..end];
        line = end < 0 ? line : line[(end + 1)..];
        return end > 0;
    }

    private static bool TryTakeInode(ref ReadOnlySpan<byte> line, out ulong inode)
    {
        var parsed = Utf8Parser.TryParse(line, out inode, out int used);
        line = parsed ? line[used..] : line;
        return parsed && (line.IsEmpty || line[0] == ' ');
    }

    private static string PathOf(ReadOnlySpan<byte> path)
    {
        var text = Encoding.UTF8.GetString(path);
        return text.Contains("\\012", StringComparison.Ordinal) ? text.Replace("\\012", "\n", StringComparison.Ordinal) : text;
    }
}
