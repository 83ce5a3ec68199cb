using System.Runtime.InteropServices;

namespace Hognose.Cli;

/// <summary>
/// stderr: when it cannot be written (a full disk behind it), there is nobody to tell, and the program's exit status must not suffer. .NET starts a thread for
/// signals with the first byte that it writes; where there is none to be had, that must be said without one.
/// </summary>
internal sealed class ErrorStream(Stream descriptor) : Stream
{
    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

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

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
