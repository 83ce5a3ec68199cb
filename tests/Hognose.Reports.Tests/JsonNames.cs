using System.Text.Json;
using Hognose.Testing;

namespace Hognose.Reports.Tests;

internal static class JsonNames
{
    /// <summary>Every name of a document stands on its page, or on one that it refers to.</summary>
    public static void AreExplained(string json, params string[] pages)
    {
        var text = string.Concat(pages.Select(page => File.ReadAllText(Path.Combine(Repository.Root, page))));
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 512 });
        foreach (var name in NamesIn(document.RootElement).Distinct())
            Assert.Contains($"`{name}`", text, StringComparison.Ordinal);
    }

    private static IEnumerable<string> NamesIn(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(one => NamesIn(one.Value).Prepend(one.Name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(NamesIn),
        _ => [],
    };
}
