using Hognose.CPython.Layouts;
using Hognose.CPython.Tests.Synthetic;
using Hognose.CPython.Versions;
using Hognose.Formats.Ring;

namespace Hognose.CPython.Tests.Layouts;

public sealed class AgentLayoutsTests
{
    [Theory, ClassData(typeof(AllLayouts))]
    public void Whatever_the_agent_reads_on_every_version_is_there(string version)
    {
        var layout = AgentLayouts.Of(AllLayouts.Of(version));
        int[] always =
        [
            layout.ThreadFrame, layout.FramePrevious, layout.FrameCode, layout.FrameInstruction, layout.CodeFileName, layout.CodeName, layout.CodeFirstLine,
            layout.CodeLineTable, layout.BytesLength, layout.BytesData, layout.StrLength, layout.StrState, layout.StrAsciiData, layout.StrCompactData,
        ];
        Assert.DoesNotContain(CPythonLayout.Absent, always);
    }

    [Theory, ClassData(typeof(AllLayouts))]
    public void A_frame_that_is_no_object_says_who_owns_it_and_where_its_code_begins(string version)
    {
        var layout = AgentLayouts.Of(AllLayouts.Of(version));
        var isOwned = layout.FrameOwner != CPythonLayout.Absent;

        Assert.Equal(isOwned, layout.InstructionIsPointer == 1);
        Assert.Equal(isOwned, layout.CodeAdaptive != CPythonLayout.Absent);
        Assert.Equal(isOwned, layout.CodeFirstTraceable != CPythonLayout.Absent);
        Assert.Equal(isOwned, layout.ThreadNativeId != CPythonLayout.Absent);
    }

    /// <summary>Include/internal/pycore_frame.h, pycore_stackref.h, pycore_runtime.h of each version: what a table must not blur.</summary>
    [Theory]
    [InlineData("3.8.18", false, 0, true)]
    [InlineData("3.10.13", false, 0, true)]
    [InlineData("3.11.7", true, 0, true)]
    [InlineData("3.12.1", true, 0, false)]
    [InlineData("3.13.0", false, 0, false)]
    [InlineData("3.14.4", false, 3, false)]
    [InlineData("3.15.2", false, 3, false)]
    public void Versions_differ_where_CPython_does(string version, bool hasCFrame, int tagMask, bool threadStateIsGlobal)
    {
        var layout = AgentLayouts.Of(AllLayouts.Of(version));

        Assert.Equal(hasCFrame, layout.CFrameCurrentFrame != CPythonLayout.Absent);
        Assert.Equal(tagMask, layout.FrameCodeTagMask);
        Assert.Equal(threadStateIsGlobal, layout.RuntimeCurrentThread != CPythonLayout.Absent);
    }

    [Fact]
    public void Micro_releases_of_one_minor_version_look_the_same_to_the_agent()
    {
        foreach (var minor in CPythonLayout.All.GroupBy(layout => layout.Version.Minor))
            Assert.Single(minor.Select(layout => Bytes(AgentLayouts.Of(layout))).Distinct());
    }

    [Theory]
    [InlineData(0x030711F0u, "this is Python 3.7.17, and Hognose reads CPython 3.8 to 3.15")]
    [InlineData(0x031000F0u, "Python 3.16.0 is newer than this Hognose")]
    public void A_version_without_a_table_is_refused_with_the_reason(uint hex, string reason)
    {
        Assert.False(AgentLayouts.TryGet(hex, out _, out var said));
        Assert.StartsWith(reason, said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_micro_release_without_a_table_is_served()
    {
        Assert.True(AgentLayouts.TryGet(new PythonVersion(3, 11, 9).Hex, out var layout, out var reason));
        Assert.Empty(reason);
        Assert.Equal(Bytes(AgentLayouts.Of(AllLayouts.Of("3.11.7"))), Bytes(layout));
    }

    private static string Bytes(AgentLayout layout) =>
        Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes(new ReadOnlySpan<AgentLayout>(in layout)));
}
