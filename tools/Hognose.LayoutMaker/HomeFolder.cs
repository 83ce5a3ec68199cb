namespace Hognose.LayoutMaker;

/// <summary>"~/" as shells read it.</summary>
internal static class HomeFolder
{
    public static string Expand(string path) => path.StartsWith("~/", StringComparison.Ordinal)
        ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..])
        : path;
}
