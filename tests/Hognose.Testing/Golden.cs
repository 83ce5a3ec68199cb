using Xunit;

namespace Hognose.Testing;

/// <summary>
/// Texts that were looked at once and must stay so. HOGNOSE_ACCEPT=1 writes what is now as what shall be; the difference is then
/// reviewed in the commit.
/// </summary>
public static class Golden
{
    /// <param name="path">From the repository's root, as in "tests/Hognose.Reports.Tests/Golden/service-80.txt".</param>
    public static void Matches(string path, string text)
    {
        var file = Path.Combine(Repository.Root, path);
        if (Environment.GetEnvironmentVariable("HOGNOSE_ACCEPT") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
        Assert.True(File.Exists(file), $"{path} is not there; HOGNOSE_ACCEPT=1 writes it");
        Assert.Equal(File.ReadAllText(file), text, ignoreLineEndingDifferences: true);
    }
}
