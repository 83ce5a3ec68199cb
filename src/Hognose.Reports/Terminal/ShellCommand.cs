using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Hognose.Reports.Terminal;

/// <summary>
/// A command to be pasted into a shell, written as <c>$"hognose why {heap} {type}"</c>: each hole is one word of it, quoted where it must be, since names
/// of files and types are whatever the program chose. Options that are put together elsewhere are a <see cref="ShellOptions"/>.
/// </summary>
[InterpolatedStringHandler]
internal readonly ref struct ShellCommand
{
    private readonly StringBuilder _text;

    public ShellCommand(int literalLength, int formattedCount) => _text = new StringBuilder(literalLength + (16 * formattedCount));

    public void AppendLiteral(string text) => _text.Append(text);

    public void AppendFormatted(string word) => _text.Append(Names.ShellWord(word));

    public void AppendFormatted(int number) => _text.Append(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>As <c>0x{address:x}</c>.</summary>
    public void AppendFormatted(ulong number, string format) => _text.Append(number.ToString(format, CultureInfo.InvariantCulture));

    public void AppendFormatted(ShellOptions options) => _text.Append(options.Text);

    public override string ToString() => _text.ToString();

    public static string Text(ShellCommand command) => command.ToString();
}

/// <summary>Words of a command that are options, quoted already: " --by module"; may be empty.</summary>
internal readonly record struct ShellOptions(string Text);
