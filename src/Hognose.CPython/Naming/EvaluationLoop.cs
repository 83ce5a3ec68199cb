namespace Hognose.CPython.Naming;

/// <summary>Which C functions run Python code, by name (Python/ceval.c).</summary>
public static class EvaluationLoop
{
    private const string Function = "_PyEval_EvalFrameDefault";

    /// <summary>The functions of instructions where each has one and calls the next as its last act (3.14+, clang).</summary>
    private const string Instruction = "_TAIL_CALL_";

    /// <param name="function">With what the compiler puts behind a part of it: ".cold", ".lto_priv.0".</param>
    public static bool Is(string function) =>
        function.StartsWith(Function, StringComparison.Ordinal) && (function.Length == Function.Length || function[Function.Length] == '.');

    public static bool IsWithin(string function) => function.StartsWith(Instruction, StringComparison.Ordinal);
}
