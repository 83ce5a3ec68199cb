using System.Text;
using Hognose.Cli.Recordings;
using Hognose.Diagnostics;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;

namespace Hognose.Cli;

/// <summary>
/// Standard output and error, and consoles that draw on them. Made without <see cref="System.Console"/>'s writers: those set up the terminal
/// (modes, SIGCHLD, SIGCONT), which belongs to the recorded program while it runs.
/// </summary>
public sealed class Terminal(TextWriter output, TextWriter error, TerminalStyle outputStyle, TerminalStyle errorStyle) : IWorkSteps
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public static Terminal Standard { get; } = new(
        new StreamWriter(new OutputStream(System.Console.OpenStandardOutput()), Utf8, 16 * 1024) { AutoFlush = false },
        new StreamWriter(new ErrorStream(System.Console.OpenStandardError()), Utf8, 4 * 1024) { AutoFlush = true },
        TerminalStyle.OfDescriptor(1),
        TerminalStyle.OfDescriptor(2));

    private WorkProgress? _work;

    public TextWriter Output => WithoutProgress(output);

    public TextWriter Error => WithoutProgress(error);

    public bool ErrorIsTerminal => errorStyle.IsTerminal;

    public IAnsiConsole OutputConsole() => Console(Output, outputStyle);

    public IAnsiConsole ErrorConsole() => Console(Error, errorStyle);

    /// <summary>What long work is at. The line goes away with the first that is written of anything else.</summary>
    /// <param name="work">In the -ing form.</param>
    public void Begin(string work)
    {
        _work ??= new WorkProgress(error, ErrorIsTerminal);
        _work.Step(work);
    }

    /// <inheritdoc/>
    public void Part(double part) => _work?.Part(part);

    /// <exception cref="CannotContinueException">Standard output cannot be written, as on a full disk.</exception>
    public void Flush() => Output.Flush(); // And no line of progress stays behind.

    /// <summary>For what is no text. Around <see cref="Output"/>, which is flushed first.</summary>
    /// <exception cref="CannotContinueException">Standard output cannot be written.</exception>
    public void WriteBytes(Action<Stream> write)
    {
        Flush();
        try
        {
            using var stream = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 64 * 1024);
            write(stream);
        }
        catch (IOException closed) when (FileTrouble.IsClosedPipe(closed))
        {
            // .NET's own stream of standard output, which text goes to, says nothing either.
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw OutputStream.Unwritable(trouble);
        }
    }

    private TextWriter WithoutProgress(TextWriter writer)
    {
        _work?.Dispose();
        _work = null;
        return writer;
    }

    private static IAnsiConsole Console(TextWriter writer, TerminalStyle style)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = style.Colours ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = style.Colours ? ColorSystemSupport.EightBit : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new WriterOutput(writer, style),
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        console.Profile.Capabilities.Unicode = style.Unicode;
        return console;
    }

    private sealed class WriterOutput(TextWriter writer, TerminalStyle style) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;
        public bool IsTerminal => style.IsTerminal;
        public int Width => style.Width;
        public int Height => 50;

        public void SetEncoding(Encoding encoding)
        {
        }
    }
}
