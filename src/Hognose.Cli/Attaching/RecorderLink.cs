using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Hognose.Targets.Processes;

namespace Hognose.Cli.Attaching;

/// <summary>
/// What others ask the hognose that records a program (docs/formats/alloc.md): an abstract Unix socket; lines of text. Who looks at the program's heap asks where its blocks were
/// allocated: "note PID", which may come again since a stop may not be a good one; then "send", and a recording without events comes back, of the last note. Who wants to
/// name a moment asks "mark PID NAME".
/// </summary>
internal static class RecorderLink
{
    public const string Send = "send";
    public const string Noted = "noted";
    public const string None = "none";
    public const string Full = "full";

    private const string Note = "note";
    private const string Mark = "mark";
    private const string Marked = "marked ";
    private const int LongestLine = 512; // Bytes: a name of the most letters, in four bytes each, and the rest.

    /// <summary>Null: it is not to be reached from here (another network namespace, a hognose of another version), or another user's.</summary>
    /// <param name="tool">Its pid.</param>
    /// <param name="nonce">Of its recordings.</param>
    /// <param name="owner">Of the program.</param>
    /// <param name="patience">With each answer.</param>
    public static Socket? Connect(int tool, ulong nonce, int owner, TimeSpan patience)
    {
        var socket = NewSocket();
        try
        {
            socket.Connect(AddressOf(tool, nonce));
            socket.SendTimeout = socket.ReceiveTimeout = (int)patience.TotalMilliseconds;
            if (IsTrusted(socket, owner))
                return socket;
        }
        catch (SocketException)
        {
            // Nobody listens.
        }
        socket.Dispose();
        return null;
    }

    /// <summary>Null: the name is taken.</summary>
    public static Socket? Listen(int tool, ulong nonce)
    {
        var socket = NewSocket();
        try
        {
            socket.Bind(AddressOf(tool, nonce));
            socket.Listen();
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    public static string NoteOf(int process) => string.Create(CultureInfo.InvariantCulture, $"{Note} {process}");

    public static string MarkOf(int process, string name) => string.Create(CultureInfo.InvariantCulture, $"{Mark} {process} {name}");

    /// <summary>The process of a line of that kind; 0: it asks for something else.</summary>
    public static int ProcessOfNote(string line) => Words(line) is [Note, var process] ? Number(process) : 0;

    /// <summary>The same, and the name: empty when there is none.</summary>
    public static (int Process, string Name) ProcessAndMark(string line) => Words(line) is [Mark, var process, var name] ? (Number(process), name) : default;

    public static string AnswerTo(long nanoseconds, string name) => string.Create(CultureInfo.InvariantCulture, $"{Marked}{nanoseconds} {name}");

    public static bool TryReadMark(string answer, out long nanoseconds, out string name)
    {
        (nanoseconds, name) = (0, "");
        if (!answer.StartsWith(Marked, StringComparison.Ordinal) || answer[Marked.Length..].Split(' ', 2) is not [var time, var called])
            return false;
        name = called;
        return long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out nanoseconds);
    }

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
        var line = new List<byte>();
        while (stream.ReadByte() is var next && next != '\n')
        {
            if (next < 0 || line.Count == LongestLine)
                throw new IOException("no line");
            line.Add((byte)next);
        }
        return Encoding.UTF8.GetString([.. line]);
    }

    public static void WriteLine(Stream stream, string line) => stream.Write(Encoding.UTF8.GetBytes(line + '\n'));

    private static UnixDomainSocketEndPoint AddressOf(int tool, ulong nonce) => new(string.Create(CultureInfo.InvariantCulture, $"\0hognose-{tool}-{nonce:x16}"));

    private static Socket NewSocket() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private static string[] Words(string line) => line.Split(' ', 3);

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
