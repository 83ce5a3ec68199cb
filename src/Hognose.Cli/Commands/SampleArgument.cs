using System.CommandLine;
using Hognose.Diagnostics;

namespace Hognose.Cli.Commands;

/// <summary>The rate of --sample: a size, or nothing for the usual one.</summary>
internal static class SampleArgument
{
    private const long UsualBytes = 512 * 1024;

    /// <summary>At less than this most blocks of Python's are samples, and each costs more than when every one is recorded.</summary>
    private const long FewestBytes = 1024;

    /// <summary>Sums of what samples stand for stay far from overflow.</summary>
    private const long MostBytes = 1L << 30;

    public static Option<string?> Option() => new("--sample") { Arity = ArgumentArity.ZeroOrOne };

    /// <returns>Bytes a sample; 0: every allocation.</returns>
    /// <exception cref="CannotContinueException">It is no size, or none that makes sense.</exception>
    public static long Parse(ParseResult parsed, Option<string?> option)
    {
        if (parsed.GetResult(option) is null)
            return 0;
        if (parsed.GetValue(option) is not { Length: > 0 } text)
            return UsualBytes;
        return SizeArgument.Parse(text) switch
        {
            < FewestBytes => throw new CannotContinueException($"--sample={text} would sample nearly everything", "give 1k or more, or leave it out to record every allocation"),
            > MostBytes => throw new CannotContinueException($"--sample={text} would sample next to nothing", "give 1G or less"),
            var bytes => bytes,
        };
    }
}
