using System.Globalization;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;

namespace Hognose.Reports.Folded;

/// <summary>Folded stacks, as flamegraph.pl and its kin read them: a line a stack, outermost frame first, then the bytes. docs/formats/export-folded.md.</summary>
public static class FoldedStacks
{
    public static void Write(TextWriter output, RecordingSummary recording, RecordingView view)
    {
        var frames = new StackFrames(recording);
        foreach (var stack in frames.Heaviest(view))
        {
            var (bytes, _) = view.Of(recording.Usage[stack]);
            if (bytes == 0)
                continue;
            output.Write(string.Join(';', frames.OutermostFirst(stack).Select(frame => Word(frames.Text(frame)))));
            output.Write(string.Create(CultureInfo.InvariantCulture, $" {bytes}\n"));
        }
    }

    // The semicolon parts frames and a line break stacks; the format has no way to write either within a name.
    private static string Word(string name)
    {
        if (!name.AsSpan().ContainsAnyInRange('\0', '\u001f') && !name.AsSpan().ContainsAny(';', '\u007f'))
            return name;
        return string.Concat(name.Select(one => one == ';' ? ',' : char.IsControl(one) ? ' ' : one));
    }
}
