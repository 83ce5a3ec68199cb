using Hognose.Targets.Elf;
using Hognose.Targets.Memory;
using Hognose.Targets.Processes;

namespace Hognose.Targets.Freezing;

/// <summary>
/// Two pieces of code that every libc has, sought in the files of the target's libraries (reading its memory would map pages there): a system
/// call with a return behind it, and the return from a signal handler.
/// </summary>
/// <param name="Call">Of <c>syscall; ret</c>.</param>
/// <param name="Restorer">Of <c>mov $15, %rax; syscall</c>.</param>
internal readonly record struct CallInstructions(ulong Call, ulong Restorer)
{
    private const ulong LargestCode = 64 << 20;

    private static ReadOnlySpan<byte> CallAndReturn => [0x0f, 0x05, 0xc3];

    private static ReadOnlySpan<byte> ReturnFromSignal => [0x48, 0xc7, 0xc0, 0x0f, 0, 0, 0, 0x0f, 0x05];

    public static bool TryFind(TargetProcess process, IReadOnlyList<Mapping> mappings, out CallInstructions found)
    {
        found = default;
        // libc first: the executable of a statically linked program has its own.
        foreach (var image in LoadedImage.Find(mappings).OrderBy(each => !each.FileName.StartsWith("libc", StringComparison.Ordinal)))
        {
            if (!MappedFile.TryOpen(process, image, out var file))
                continue;
            using (file)
                foreach (var code in image.Mappings.Where(each => each.IsFile && each.Has(MappingAccess.Execute) && each.Length <= LargestCode))
                    if (TryFind(file, code, out found))
                        return true;
        }
        return false;
    }

    /// <summary>The file is the mapped one, but code can be changed in memory (probes, patches): what will be run is looked at.</summary>
    public bool IsStillThere(IMemoryReader memory)
    {
        Span<byte> call = stackalloc byte[3];
        Span<byte> restorer = stackalloc byte[9];
        return memory.TryRead(new TargetAddress(Call), call) && call.SequenceEqual(CallAndReturn)
            && memory.TryRead(new TargetAddress(Restorer), restorer) && restorer.SequenceEqual(ReturnFromSignal);
    }

    private static bool TryFind(MappedFile file, Mapping code, out CallInstructions found)
    {
        var bytes = new byte[code.Length];
        var got = file.ReadUpTo(code.Offset, bytes);
        var span = bytes.AsSpan(0, (int)Math.Max(got, 0));
        var call = span.IndexOf(CallAndReturn);
        var restorer = span.IndexOf(ReturnFromSignal);
        found = new CallInstructions(code.Low.Value + (ulong)call, code.Low.Value + (ulong)restorer);
        return call >= 0 && restorer >= 0;
    }
}
