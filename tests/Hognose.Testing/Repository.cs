namespace Hognose.Testing;

/// <summary>The folder of the checkout that the tests were built from.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Hognose.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"no Hognose.slnx above {AppContext.BaseDirectory}");
    }
}
