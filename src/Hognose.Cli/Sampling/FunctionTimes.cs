namespace Hognose.Cli.Sampling;

/// <summary>The glue that a Python program runs under, so that functions marked with @profile write down when they ran.</summary>
internal static class FunctionTimes
{
    private const string Resource = "Hognose.Cli.Sampling.function_times.py";

    public static string Code { get; } = Read();

    private static string Read()
    {
        using var text = new StreamReader(typeof(FunctionTimes).Assembly.GetManifestResourceStream(Resource)!);
        return text.ReadToEnd();
    }
}
