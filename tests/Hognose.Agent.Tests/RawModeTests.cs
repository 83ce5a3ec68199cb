using Hognose.Testing;

namespace Hognose.Agent.Tests;

public class RawModeTests
{
    [Fact]
    public void The_agent_refers_to_nothing_but_libc()
    {
        _ = BuiltTool.Path;
        RawCode.MustReferToNothingButLibc("src/Hognose.Agent/obj/Release/net10.0/linux-x64/native/hognose_agent.o", "hognose_agent");
    }
}
