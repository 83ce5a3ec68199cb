using Hognose.Targets.Symbols.Rust;

namespace Hognose.Targets.Symbols;

/// <summary>Names of functions as their authors wrote them, from those that compilers give to the linker.</summary>
public static class FunctionNames
{
    /// <summary>A name that none of the languages made stays as it is.</summary>
    public static string Readable(string name) => RustName.Readable(name) ?? LegacyRustName.Readable(name) ?? CxxNames.Readable(name);
}
