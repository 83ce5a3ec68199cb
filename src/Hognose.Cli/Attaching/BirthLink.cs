using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Hognose.Targets.Processes;

namespace Hognose.Cli.Attaching;

/// <summary>
/// How a hognose that looks at a program's heap asks the one that records it where its blocks were allocated. An abstract Unix socket; lines of text: "note PID" is answered by
/// "noted" or "none" and may come again, since a stop may not be a good one; then "send", and a recording without events comes back (docs/formats/alloc.md), of the last note.
/// </summary>
internal static class BirthLink
{
    public const string Send = "send";
    public const string Noted = "noted";
    public const string None = "none";

    private const string Note = "note ";
    private const int LongestLine = 32;

    public static UnixDomainSocketEndPoint AddressOf(int tool, ulong nonce) =>
        new(string.Create(CultureInfo.InvariantCulture, $"\0hognose-{tool}-{nonce:x16}"));

    public static Socket NewSocket() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public static string NoteOf(int process) => Note + process.ToString(CultureInfo.InvariantCulture);

    /// <summary>0: it asks for something else.</summary>
    public static int ProcessOf(string line) =>
        line.StartsWith(Note, StringComparison.Ordinal) && int.TryParse(line.AsSpan(Note.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var process) ? process : 0;

    /// <summary>The name of such a socket is no secret, and anybody may connect, or have taken the name of one that was killed.</summary>
    /// <param name="peer">The other end: root's, ours, or of one more user.</param>
    /// <param name="owner">That of the program: who looks at it as root is answered by its owner.</param>
    public static bool IsTrusted(Socket peer, int owner)
    {
        const int socketLevel = 1; // SOL_SOCKET
        const int peerCredentials = 17; // SO_PEERCRED: pid, uid, gid
        Span<byte> credentials = stackalloc byte[12];
        return peer.GetRawSocketOption(socketLevel, peerCredentials, credentials) == credentials.Length
            && BinaryPrimitives.ReadInt32LittleEndian(credentials[4..]) is var user && (user == 0 || user == ProcStatus.OwnUser || user == owner);
    }

    /// <exception cref="IOException">It is too long, or the other end has gone.</exception>
    public static string ReadLine(Stream stream)
    {
        var line = new StringBuilder();
        while (stream.ReadByte() is var next && next != '\n')
        {
            if (next < 0 || line.Length == LongestLine)
                throw new IOException("no line");
            line.Append((char)next);
        }
        return line.ToString();
    }

    public static void WriteLine(Stream stream, string line) => stream.Write(Encoding.ASCII.GetBytes(line + '\n'));
}
