using Hognose.Formats.Alloc;

namespace Hognose.Insights.Allocations;

/// <summary>
/// Which module is a file? A recording knows files only. Of a library it is the path inside it ("json.decoder"), of the program's own code the path below
/// the folder that its outermost file lies in, which is where Python begins to look for modules.
/// </summary>
public sealed class ModuleNames
{
    private readonly HashSet<string> _files;
    private readonly List<string> _homes;
    private readonly Dictionary<string, string> _names = [];

    private ModuleNames(HashSet<string> files, List<string> homes) => (_files, _homes) = (files, homes);

    public static ModuleNames Of(RecordingSummary recording)
    {
        var homes = new HashSet<string>();
        HashSet<string> files = [.. recording.Stacks.Frames.Select(frame => frame.File)];
        for (var stack = 1; stack < recording.Stacks.Count; stack++)
        {
            var frame = recording.Stacks.Frames[recording.Stacks.InnermostFrame[stack]];
            if (frame.Function == "<module>" && !LibraryCode.Holds(frame.File, outermost: false) && IsFirstOwn(recording.Stacks, stack))
                homes.Add(HomeOf(frame.File, recording.Facts.CommandLine, files));
        }
        // The nearest folder wins.
        return new ModuleNames(files, [.. homes.Where(home => home.Length > 0).OrderByDescending(home => home.Length).ThenBy(home => home, StringComparer.Ordinal)]);
    }

    /// <summary>"app.models" of "/srv/app/models.py"; the file itself where it is none ("&lt;string&gt;"); of C code its name alone ("zlibmodule.c", "libz.so.1").</summary>
    public string Of(string file)
    {
        if (!_names.TryGetValue(file, out var name))
            _names[file] = name = Named(file);
        return name;
    }

    private string Named(string file)
    {
        if (file.StartsWith("<frozen ", StringComparison.Ordinal) && file.EndsWith('>'))
            return file["<frozen ".Length..^1];
        if (new SourceFrame("", file, 0, 0) is { IsC: true } native)
            return native.Place[(native.Place.LastIndexOf('/') + 1)..];
        if (file.Length == 0 || file[0] == '<')
            return file;
        var start = LibraryCode.PackageStart(file);
        if (start == 0)
            start = (_homes.Find(home => file.StartsWith(home, StringComparison.Ordinal)) ?? OutsidePackages(file, _files)).Length;
        return Dotted(file[start..]);
    }

    /// <summary>"json" of "json/__init__.py".</summary>
    private static string Dotted(string path)
    {
        const string Package = "/__init__";
        var end = path.LastIndexOf('.');
        var bare = end > path.LastIndexOf('/') + 1 ? path[..end] : path;
        if (bare.EndsWith(Package, StringComparison.Ordinal))
            bare = bare[..^Package.Length];
        return bare.Trim('/').Replace('/', '.');
    }

    private static bool IsFirstOwn(StackTable stacks, int stack)
    {
        for (var caller = stacks.ParentStack[stack]; caller != 0; caller = stacks.ParentStack[caller])
            if (!LibraryCode.Holds(stacks.Frames[stacks.InnermostFrame[caller]].File, outermost: stacks.ParentStack[caller] == 0))
                return false;
        return true;
    }

    /// <summary>The folder with a slash behind it; of "python -m a.b" the one that holds the package.</summary>
    private static string HomeOf(string file, IReadOnlyList<string> commandLine, HashSet<string> files)
    {
        for (var i = 1; i + 1 < commandLine.Count; i++)
            if (commandLine[i] == "-m")
            {
                var path = "/" + commandLine[i + 1].Replace('.', '/');
                foreach (var end in (ReadOnlySpan<string>)[path + ".py", path + "/__main__.py"])
                    if (file.EndsWith(end, StringComparison.Ordinal))
                        return file[..(file.Length - end.Length + 1)];
            }
        return OutsidePackages(file, files);
    }

    /// <summary>The nearest folder above a file that is no package: of none that lies in between the recording knows an __init__.py.</summary>
    private static string OutsidePackages(string file, HashSet<string> files)
    {
        var slash = file.LastIndexOf('/');
        while (slash > 0 && files.Contains(file[..slash] + "/__init__.py"))
            slash = file.LastIndexOf('/', slash - 1);
        return file[..(slash + 1)];
    }
}
