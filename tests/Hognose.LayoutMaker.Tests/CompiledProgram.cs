using Hognose.LayoutMaker.Dwarf;
using Hognose.LayoutMaker.Tables;
using Hognose.Testing;

namespace Hognose.LayoutMaker.Tests;

/// <summary>A C program that prints its own offsets, and its debug information.</summary>
internal static class CompiledProgram
{
    private const string Source = """
        #include <stddef.h>
        #include <stdio.h>
        #include <string.h>
        typedef struct { long first; char tag; } Inner;
        typedef struct listed { short a; Inner kept; } Listed;
        struct sample {
            char start;
            Inner inner;
            union { long whole; struct { int low; int high; }; };
            Listed listed;
            unsigned int interned:2; unsigned int kind:3; unsigned int compact:1;
            double numbers[5];
            const void *pointer;
            unsigned long flags:40;
            char flexible[];
        };
        #define PLACE(name, member) printf("%s %zu %zu\n", name, offsetof(struct sample, member), sizeof(((struct sample *)0)->member))
        static void bits(const char *name, struct sample *s) {
            for (int bit = 0; bit < (int)sizeof(*s) * 8; bit++)
                if (((unsigned char *)s)[bit / 8] >> bit % 8 & 1) { printf("%s bit %d\n", name, bit); return; }
        }
        int main(void) {
            static struct sample s;
            printf("Size %zu\n", sizeof s);
            PLACE("start", start); PLACE("inner", inner); PLACE("inner_first", inner.first); PLACE("inner_tag", inner.tag);
            PLACE("whole", whole); PLACE("low", low); PLACE("high", high); PLACE("listed", listed); PLACE("numbers", numbers); PLACE("pointer", pointer);
            s.interned = 1; bits("interned", &s); memset(&s, 0, sizeof s);
            s.kind = 1; bits("kind", &s); memset(&s, 0, sizeof s);
            s.compact = 1; bits("compact", &s); memset(&s, 0, sizeof s);
            s.flags = 1; bits("flags", &s);
            return 0;
        }
        """;

    private static readonly StructMapping[] Mappings = [.. Parse("""{ "Sample": { "c": ["struct sample"] }, "Listed": { "c": ["Listed"] } }""")];

    /// <summary>Compiles with gcc; skips the running test where there is none.</summary>
    /// <returns>What the program says of <c>struct sample</c>, a line a field, and what its debug information says.</returns>
    public static (string Truth, StructLayout Layout) Compile(params string[] options)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/gcc"), "gcc is not on this machine");
        using var folder = new TemporaryFolder();
        var source = folder.Write("sample.c", Source);
        var program = folder.At("sample");
        Assert.Equal(0, BuiltTool.Execute("/usr/bin/gcc", ["-g", .. options, source, "-o", program]).ExitCode);
        var builder = new TableBuilder("0.0.0", Mappings);
        builder.Add(ElfSections.Load(program));
        return (BuiltTool.Execute(program, []).Output, builder.Build().Structs["Sample"]);
    }

    public static IReadOnlyList<StructMapping> Parse(string json)
    {
        using var folder = new TemporaryFolder();
        return StructMapping.Load(folder.Write("structs.jsonc", json));
    }
}
