using Hognose.Testing;

namespace Hognose.Package.Tests;

public class RawModeTests
{
    [Fact]
    public void The_extension_refers_to_nothing_but_libc()
    {
        _ = BuiltWheel.FilePath;
        RawCode.MustReferToNothingButLibc("src/Hognose.Extension/obj/Release/net10.0/linux-x64/native/_hognose.o", "hognose");
    }
}
