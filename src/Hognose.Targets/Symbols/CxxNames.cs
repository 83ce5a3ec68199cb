using System.Runtime.InteropServices;
using System.Text;

namespace Hognose.Targets.Symbols;

/// <summary>
/// Names of C++ functions as C++ writes them (Itanium C++ ABI 5.1), by the C++ library of this machine (<c>__cxa_demangle</c>): <c>ns::Table::grow</c> for
/// <c>_ZN2ns5Table4growEm</c>. Where there is none, names stay as they are.
/// </summary>
public static unsafe class CxxNames
{
    private const int LongestName = 1024;

    /// <summary>
    /// A name may refer to its own parts, and such parts to others: what comes out grows as a power of what goes in. With this many it came to 5 MB at most (a test).
    /// </summary>
    private const int MostReferences = 30;

    private static readonly Lazy<nint> Demangler = new(static () =>
        NativeLibrary.TryLoad("libstdc++.so.6", out var library) && NativeLibrary.TryGetExport(library, "__cxa_demangle", out var function) ? function : 0);

    /// <summary>Without parameters, which a table has no room for.</summary>
    public static string Readable(string name) => Demangled(name) is { } whole ? WithoutParameters(whole) : name;

    /// <summary>The whole name; null when it is none of C++, or nobody can tell.</summary>
    public static string? Demangled(string name)
    {
        if (!name.StartsWith("_Z", StringComparison.Ordinal) || name.Length > LongestName || References(name) > MostReferences || Demangler.Value == 0)
            return null;
        var bytes = Encoding.UTF8.GetBytes(name + '\0');
        fixed (byte* mangled = bytes)
        {
            int status;
            var text = ((delegate* unmanaged<byte*, byte*, nuint*, int*, byte*>)Demangler.Value)(mangled, null, null, &status);
            if (text == null)
                return null;
            var whole = Marshal.PtrToStringUTF8((nint)text);
            NativeMemory.Free(text);
            return whole;
        }
    }

    /// <summary>S_, S0_, T_, T12_ …: more than there are where a word has these letters.</summary>
    private static int References(string name)
    {
        var found = 0;
        for (var i = 0; i < name.Length; i++)
            if (name[i] is 'S' or 'T' && i + 1 < name.Length && name[i + 1] is '_' or (>= '0' and <= '9') or (>= 'A' and <= 'Z'))
                found++;
        return found;
    }

    private static string WithoutParameters(string whole)
    {
        var end = whole.LastIndexOf(')');
        // What may follow: const, &, [clone .cold].
        if (end < 0 || whole.AsSpan(end + 1).IndexOfAny(":<>") >= 0)
            return whole;
        var depth = 0;
        for (var at = end; at >= 0; at--)
        {
            depth += whole[at] switch { ')' => 1, '(' => -1, _ => 0 };
            if (depth == 0)
                return at == 0 || whole.AsSpan(0, at).EndsWith("operator") ? whole : whole[..at];
        }
        return whole;
    }
}
