using System.ComponentModel;
using Hognose.Diagnostics;

namespace Hognose.Cli;

/// <summary>What the machine does not give, wherever it is met. .NET says the same of a thread that cannot be started as of memory.</summary>
internal static class Shortage
{
    private const int TryAgain = 11;
    private const int OutOfMemory = 12;

    public static bool Is(Exception failure) => failure switch
    {
        OutOfMemoryException or ThreadStartException or Win32Exception { NativeErrorCode: TryAgain or OutOfMemory } => true,
        AggregateException several => several.InnerExceptions.Any(Is),
        { InnerException: { } inner } => Is(inner),
        _ => false,
    };

    public static CannotContinueException Trouble(Exception failure) => new(
        "the system gives no more memory, or no more threads",
        "free some, or raise the limits ('ulimit -v', 'ulimit -u', those of the control group)",
        failure);
}
