using Hognose.Formats.Alloc;

namespace Hognose.Insights.Allocations;

/// <summary>Which file is the program's module <c>__main__</c>? The one whose code nothing but Python's own starter called, or ours.</summary>
internal static class MainModule
{
    public const string Name = "__main__";

    private enum Caller
    {
        Nobody,
        Launcher,
        Other,
    }

    /// <summary>Several where processes are put together; none where functions are not known.</summary>
    public static IReadOnlySet<string> FilesOf(StackTable stacks)
    {
        var (started, launched) = (new HashSet<string>(), new HashSet<string>());
        for (var stack = 1; stack < stacks.Count; stack++)
        {
            var frame = stacks.Frames[stacks.InnermostFrame[stack]];
            // Python's beginning runs modules of its own that nobody imported.
            if (frame.Function != "<module>" || frame.File.StartsWith("<frozen ", StringComparison.Ordinal))
                continue;
            if (CallerOf(stacks, stack) is not Caller.Other and var caller)
                (caller == Caller.Launcher ? launched : started).Add(frame.File);
        }
        // With our launcher in between, the outermost module is ours.
        return launched.Count > 0 ? launched : started;
    }

    private static Caller CallerOf(StackTable stacks, int stack)
    {
        for (var caller = stacks.ParentStack[stack]; caller != 0; caller = stacks.ParentStack[caller])
        {
            var file = stacks.Frames[stacks.InnermostFrame[caller]].File;
            if (LibraryCode.IsLauncher(file))
                return Caller.Launcher;
            if (!IsRunpy(file) && !stacks.Frames[stacks.InnermostFrame[caller]].IsC)
                return Caller.Other;
        }
        return Caller.Nobody;
    }

    /// <summary>Of "python -m" and of a folder or zip that is run.</summary>
    private static bool IsRunpy(string file) => file == "<frozen runpy>" || (LibraryCode.PackageStart(file) is > 0 and var start && file[start..] == "runpy.py");
}
