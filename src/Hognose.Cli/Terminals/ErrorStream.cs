using System.Runtime.InteropServices;

namespace Hognose.Cli;

/// <summary>
/// stderr: when it cannot be written (a full disk behind it), there is nobody to tell, and the program's exit status must not suffer. .NET starts a thread for
/// signals with the first byte that it writes; where there is none to be had, that must be said without one.
/// </summary>
internal sealed class ErrorStream(Stream descriptor) : WriteOnlyStream
{
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            descriptor.Write(buffer);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            // Nobody to tell.
        }
        catch (Exception trouble) when (Shortage.Is(trouble))
        {
            WritePlainly(buffer);
        }
    }

    private static unsafe void WritePlainly(ReadOnlySpan<byte> buffer)
    {
        const int standardError = 2;
        fixed (byte* start = buffer)
            for (nint done = 0, got; done < buffer.Length && (got = WriteTo(standardError, start + done, buffer.Length - done)) > 0;)
                done += got;
    }

    [DllImport("libc", EntryPoint = "write")]
    private static extern unsafe nint WriteTo(int descriptor, byte* bytes, nint length);
}
