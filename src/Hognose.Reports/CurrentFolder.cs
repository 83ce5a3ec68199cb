namespace Hognose.Reports;

/// <summary>The folder that we were called in, which may have been deleted since: a service's often is.</summary>
public static class CurrentFolder
{
    /// <summary>Empty when it is gone: paths are then shown whole.</summary>
    public static string Path
    {
        get
        {
            try
            {
                return Environment.CurrentDirectory;
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                return "";
            }
        }
    }

    /// <summary>A file by the one name that does not depend on the folder.</summary>
    public static string Whole(string file) => System.IO.Path.GetFullPath(file, Path is { Length: > 0 } folder ? folder : "/");
}
