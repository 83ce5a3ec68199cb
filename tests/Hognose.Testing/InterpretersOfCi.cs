namespace Hognose.Testing;

/// <summary>The interpreters whose absence fails a test in CI. The list stands where they are unpacked: tools/debian-pythons.sh.</summary>
public static class InterpretersOfCi
{
    public static bool IsCi { get; } = Environment.GetEnvironmentVariable("CI") == "true";

    private static readonly Lazy<HashSet<string>> Minors = new(Read);

    public static bool Includes(string minor) => Minors.Value.Contains(minor);

    private static HashSet<string> Read()
    {
        var list = File.ReadLines(Path.Combine(Repository.Root, "tools", "debian-pythons.sh")).First(line => line.StartsWith("versions=(", StringComparison.Ordinal));
        return [.. list["versions=(".Length..list.IndexOf(')', StringComparison.Ordinal)].Split(' ')];
    }
}
