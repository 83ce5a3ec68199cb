using Hognose.Diagnostics;
using Hognose.Insights.Comparisons;

namespace Hognose.Cli.Commands;

/// <summary>How much more is too much: "+5%" or "+10M".</summary>
internal static class GrowthArgument
{
    /// <exception cref="CannotContinueException">Neither a share nor a size.</exception>
    public static GrowthLimit Parse(string text)
    {
        var rest = text.StartsWith('+') ? text[1..] : text;
        if (rest.EndsWith('%') && ShareArgument.TryPercent(rest, out var percent))
            return new GrowthLimit($"+{rest}", percent / 100, 0);
        try
        {
            return new GrowthLimit($"+{rest}", null, SizeArgument.Parse(rest));
        }
        catch (CannotContinueException trouble)
        {
            throw new CannotContinueException($"'{text}' is no limit of growth", "give a share or a size: +5%, +10M", trouble);
        }
    }
}
