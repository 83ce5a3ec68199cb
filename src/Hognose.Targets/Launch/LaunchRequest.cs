namespace Hognose.Targets.Launch;

/// <summary>What to launch. Arguments are bytes: a program's arguments need not be text.</summary>
/// <param name="Executable">A path, with a slash.</param>
/// <param name="Arguments">All, the zeroth included, without terminating zeros.</param>
/// <param name="Nonce">Repeated in the ring, so that only the right program claims it.</param>
public sealed record LaunchRequest(string Executable, IReadOnlyList<byte[]> Arguments, ulong Nonce);
