using Hognose.CPython.Layouts;

namespace Hognose.CPython.Tests.Synthetic;

/// <summary>One case for each version that has a table.</summary>
public sealed class AllLayouts : TheoryData<string>
{
    public AllLayouts()
    {
        foreach (var layout in CPythonLayout.All)
            Add(layout.Version.ToString());
    }

    public static CPythonLayout Of(string version) => CPythonLayout.All.Single(layout => layout.Version.ToString() == version);
}

/// <summary>One case for each version whose targets state their own offsets (3.13+).</summary>
public sealed class LayoutsWithDebugOffsets : TheoryData<string>
{
    public LayoutsWithDebugOffsets()
    {
        foreach (var layout in CPythonLayout.All.Where(layout => layout.PyDebugOffsets.Size != CPythonLayout.Absent))
            Add(layout.Version.ToString());
    }
}
