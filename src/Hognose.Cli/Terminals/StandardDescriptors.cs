using System.Runtime.InteropServices;

namespace Hognose.Cli;

/// <summary>
/// Descriptors 0 to 2 that our parent closed would be given to the next files opened, and a report would end up in a recording. They are
/// filled with /dev/null, close-on-exec: a recorded program still finds them closed.
/// </summary>
internal static class StandardDescriptors
{
    private const int LastStandard = 2;
    private const int ReadWriteCloseOnExec = 0x80002; // O_RDWR | O_CLOEXEC

    public static void FillClosed()
    {
        while (true)
        {
            var descriptor = Open("/dev/null", ReadWriteCloseOnExec);
            if (descriptor <= LastStandard && descriptor >= 0)
                continue;
            if (descriptor > LastStandard)
                _ = Close(descriptor);
            return;
        }
    }

    [DllImport("libc", EntryPoint = "open")]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
