namespace Hognose.Recording.Ring;

/// <summary>What a place in C code is called.</summary>
/// <param name="Function">As the symbol table has it; of a stripped file the distance from its begin.</param>
/// <param name="Place">The source file, where debug information names it; else the executable or library.</param>
/// <param name="Line">0: not known.</param>
public readonly record struct NativeSymbol(string Function, string Place, int Line)
{
    /// <summary>CPython's evaluation loop: Python's frames stand in its place.</summary>
    public bool IsEvaluation { get; init; }

    /// <summary>A part of that loop, with a frame of its own.</summary>
    public bool IsWithinEvaluation { get; init; }

    /// <summary><see cref="Function"/> is a name.</summary>
    public bool IsNamed { get; init; }

    /// <summary>Functions that the compiler put into this one and that the place is a part of, the outermost first. <see cref="Line"/> is where the first is called.</summary>
    public IReadOnlyList<InlinedSymbol> Inlined { get; init; } = [];
}

/// <summary>A function that has no frame of its own. As <see cref="NativeSymbol"/>.</summary>
public readonly record struct InlinedSymbol(string Function, string Place, int Line);

/// <summary>Knows the executables and libraries of a program. They are another room's, which the command line brings along.</summary>
public interface INativeSymbols
{
    /// <param name="modulePath">Its path, as the program has it.</param>
    /// <param name="buildId">Of what the program loaded; empty when it has none. A file with another one is another file.</param>
    /// <param name="address">As the file has it, in the call.</param>
    NativeSymbol Find(string modulePath, ReadOnlySpan<byte> buildId, ulong address);
}
