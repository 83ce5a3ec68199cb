using Xunit;

namespace Hognose.Testing;

/// <summary>
/// One case for each minor version that Hognose serves, and Debian's static executables where pyenv's shared build came first:
/// <code>[Theory, ClassData(typeof(AllInterpreters))] public void Sizes_agree(string minor) { var python = Interpreters.Find(minor); … }</code>
/// </summary>
public sealed class AllInterpreters : TheoryData<string>
{
    public static IReadOnlyList<string> Minors { get; } = ["3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15"];

    /// <summary>Debian's 3.13 is also a later micro release, with a differently aligned PyGC_Head, than pyenv's.</summary>
    private static readonly string[] StaticBuilds = ["3.11 static", "3.13 static"];

    public AllInterpreters()
    {
        foreach (var name in Minors.Concat(StaticBuilds))
            Add(name);
    }
}
