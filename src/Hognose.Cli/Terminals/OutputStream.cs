using Hognose.Cli.Recordings;
using Hognose.Diagnostics;

namespace Hognose.Cli;

/// <summary>stdout: that it cannot be written is said in one line wherever it is met, at the first full buffer or the last.</summary>
internal sealed class OutputStream(Stream descriptor) : WriteOnlyStream
{
    /// <exception cref="CannotContinueException">Standard output cannot be written, as on a full disk.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            descriptor.Write(buffer);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(trouble);
        }
    }

    public static CannotContinueException Unwritable(Exception trouble) => new($"cannot write to standard output: {FileTrouble.Of(trouble)}", "send it elsewhere", trouble);
}
