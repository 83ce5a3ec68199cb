using System.Runtime.InteropServices;
using System.Text;

namespace Hognose.Targets.Launch;

/// <summary>
/// The environment of the program: our own, byte for byte, with the agent put first in LD_PRELOAD and told of its ring. The agent takes both
/// out again before Python looks.
/// </summary>
internal static unsafe class ProgramVariables
{
    private static ReadOnlySpan<byte> Preload => "LD_PRELOAD="u8;

    private static ReadOnlySpan<byte> Ring => "HOGNOSE_RING="u8;

    public static CStrings Build(int regionDescriptor, int libraryDescriptor, ulong nonce)
    {
        var variables = new CStrings();
        var preload = Encoding.ASCII.GetBytes($"LD_PRELOAD=/proc/self/fd/{libraryDescriptor}");
        var preloaded = false;
        for (var entry = OwnEnvironment(); *entry != null; entry++)
        {
            var text = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(*entry);
            if (text.StartsWith(Ring))
                continue;
            if (text.StartsWith(Preload) && !preloaded)
            {
                // A colon even before an empty value: without one there was no variable.
                variables.Add([.. preload, (byte)':', .. text[Preload.Length..]]);
                preloaded = true;
            }
            else
            {
                variables.AddBorrowed(*entry);
            }
        }
        if (!preloaded)
            variables.Add(preload);
        variables.Add(Encoding.ASCII.GetBytes($"HOGNOSE_RING={regionDescriptor}:{libraryDescriptor}:{nonce}"));
        return variables;
    }

    private static byte** OwnEnvironment() => *(byte***)NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "environ");
}
