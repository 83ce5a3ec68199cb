using System.Globalization;
using System.Net;
using System.Text;
using Hognose.Insights.Profiles;
using Hognose.Reports.Charts;
using Hognose.Reports.Terminal;

namespace Hognose.Reports.Html;

/// <summary>A page of its own, without anything to load: the picture, and beneath it what was sampled, in figures.</summary>
internal static class ProfilePage
{
    private const string Style = """
        body { font: 15px/1.45 "Open Sans", "Noto Sans", Helvetica, Arial, sans-serif; color: #24292f; background: #fff; max-width: 1260px; margin: 2em auto; padding: 0 1em }
        svg { width: 100%; height: auto } table { border-collapse: collapse; margin: 1em 0 2em } caption { text-align: left; font-weight: 600; padding: .3em 0 }
        th { text-align: left; font-weight: 400; color: #6e7781 } th, td { padding: .2em 1.2em .2em 0; border-bottom: 1px solid #e4e7eb } .n { text-align: right; font-variant-numeric: tabular-nums }
        """;

    public static string Of(IReadOnlyList<NamedProfile> profiles, ProfilePictureOptions options, string svg)
    {
        var title = options.Title ?? profiles[0].Profile.CommandLine ?? profiles[0].Name;
        var page = new StringBuilder();
        page.Append($"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{Text(title)}: memory</title>\n<style>\n{Style}\n</style>\n</head>\n<body>\n");
        page.Append(svg[svg.IndexOf("<svg", StringComparison.Ordinal)..].TrimEnd()).Append('\n');
        AppendSamples(page, profiles);
        foreach (var profile in profiles)
            AppendFunctions(page, profile);
        return page.Append("</body>\n</html>\n").ToString();
    }

    private static void AppendSamples(StringBuilder page, IReadOnlyList<NamedProfile> profiles)
    {
        page.Append("<table><caption>Sampled</caption>\n<tr><th>file<th>command<th>process<th class=n>samples<th class=n>duration (s)<th class=n>peak (MiB)\n");
        foreach (var (name, profile) in profiles)
        {
            AppendRow(page, name, profile.CommandLine ?? "", "program", profile.Samples);
            foreach (var child in profile.Children)
                AppendRow(page, name, "", $"child {child.ProcessId}", child.Samples);
        }
        page.Append("</table>\n");
    }

    private static void AppendRow(StringBuilder page, string name, string command, string process, IReadOnlyList<Formats.Mprof.MemorySample> samples) =>
        page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(name)}<td>{Text(command)}<td>{process}<td class=n>{samples.Count:N0}<td class=n>{samples.Max(one => one.Time) - samples.Min(one => one.Time):F2}<td class=n>{ProfilePeak.Of(samples).MebiBytes:F3}\n");

    private static void AppendFunctions(StringBuilder page, NamedProfile named)
    {
        if (named.Profile.Calls.Count == 0)
            return;
        page.Append("<table><caption>Marked functions</caption>\n<tr><th>function<th class=n>calls<th class=n>time (s)<th class=n>memory when entered (MiB)<th class=n>when left (MiB)\n");
        foreach (var calls in named.Profile.Calls.GroupBy(call => call.Function))
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(calls.Key)}<td class=n>{calls.Count():N0}<td class=n>{calls.Sum(call => call.Seconds):F3}<td class=n>{calls.First().Start.MebiBytes:F3}<td class=n>{calls.Last().End.MebiBytes:F3}\n");
        page.Append("</table>\n");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(Names.Printable(text));
}
