using System.Text.Json;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Births;

/// <summary>What a heap says of where its objects were allocated.</summary>
internal static class BirthsOf
{
    /// <summary>Of a type of <c>__main__</c>: objects, the function in which all with a known birth were born (null: none is known), and how many these are.</summary>
    public static (long Objects, string? Function, long Known) Type(string source, string type)
    {
        var ways = ToolJson.Of("why", source, $"__main__.{type}", "--json").GetProperty("ways").EnumerateArray().ToList();
        var born = ways.Where(way => way.TryGetProperty("born", out var told) && told.ValueKind == JsonValueKind.Object).Select(way => way.GetProperty("born")).ToList();
        return (
            ways.Sum(way => way.GetProperty("objects").GetInt64()),
            born.Select(each => each.GetProperty("stack")[0].GetProperty("function").GetString()).Distinct().SingleOrDefault(),
            born.Sum(each => each.GetProperty("objects").GetInt64()));
    }

    /// <summary>Two threads that make and drop objects of a type each: nobody has the other's birth.</summary>
    public static void AssertNotMixedUp(string source)
    {
        foreach (var (type, function) in (ReadOnlySpan<(string, string)>)[("A", "make_a"), ("B", "make_b")])
        {
            var (objects, born, known) = Type(source, type);
            Assert.Equal(function, born);
            // What a thread has allocated and not told yet when it is stopped; each of the two may be at it.
            Assert.InRange(known, objects - 2, objects);
        }
    }
}

/// <summary>An answer of the tool that is to succeed.</summary>
internal static class ToolJson
{
    public static JsonElement Of(params string[] arguments)
    {
        var run = BuiltTool.Run(arguments);
        Assert.True(run.ExitCode == 0, run.ToString());
        return JsonDocument.Parse(run.Output).RootElement;
    }
}
