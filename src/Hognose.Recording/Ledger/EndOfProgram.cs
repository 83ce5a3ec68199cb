namespace Hognose.Recording.Ledger;

/// <summary>What one stack holds at an instant.</summary>
public readonly record struct StackHolding(long Bytes, long Blocks);

/// <summary>What was held when the program's own code was done and CPython began to shut down. <see cref="Holdings"/> is indexed by stack node; nodes beyond it held nothing.</summary>
public sealed record EndOfProgram(long Nanoseconds, long Bytes, long Blocks, StackHolding[] Holdings);
