using System.Buffers.Binary;
using CsCheck;
using Hognose.Targets.Elf;
using Hognose.Targets.Memory;

namespace Hognose.Targets.Tests.Elf;

/// <summary>Headers come from a process or file that may lie: reading them ends, within bounds, with a symbol or without.</summary>
public sealed class HostileElfTests
{
    private const ulong Base = 0x7f00_0000_0000;
    private static readonly byte[] Library = File.ReadAllBytes(FindLibrary());

    [Fact]
    public void A_symbol_of_a_real_library_is_found_in_its_loaded_form()
    {
        Assert.True(ElfImage.TryOpen(new Loaded(Library), new TargetAddress(Base), out var image));
        Assert.Equal(Base, image.LoadBias);
        Assert.True(image.TryFindSymbol("malloc", out var symbol));
        Assert.InRange(symbol.Address.Value, Base, Base + (ulong)Library.Length);
        Assert.False(image.TryFindSymbol("there_is_no_such_symbol", out _));
    }

    [Fact]
    public void A_section_of_a_real_library_is_found_in_its_file()
    {
        Assert.True(ElfSections.TryFind(new Flat(Library), ".dynsym", out var address, out var size));
        Assert.True(address > 0 && size > 0);
        Assert.False(ElfSections.TryFind(new Flat(Library), ".no_such_section", out _, out _));
    }

    [Fact]
    public void Headers_changed_at_random_neither_throw_nor_hang() =>
        Gen.Select(Gen.Int[0, 4095], Gen.OneOf(Gen.Byte, Gen.Const((byte)0xff), Gen.Const((byte)0x7f))).Array[1, 60].Sample(
            changes =>
            {
                var bytes = Library.AsSpan(0, Math.Min(Library.Length, 1 << 20)).ToArray();
                foreach (var (at, value) in changes)
                    bytes[at] = value;
                Exercise(bytes);
            },
            seed: "0000oXhFuOv4",
            iter: 2_000);

    [Fact]
    public void Random_bytes_behind_a_true_magic_neither_throw_nor_hang() =>
        Gen.Byte.Array[0, 8192].Sample(
            bytes =>
            {
                ReadOnlySpan<byte> magic = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
                magic[..Math.Min(magic.Length, bytes.Length)].CopyTo(bytes);
                if (bytes.Length > 20)
                    BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(18), ElfHeader.MachineX86_64);
                if (bytes.Length > 56)
                    BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(54), 56);
                Exercise(bytes);
            },
            seed: "0000oXhFuOv4",
            iter: 5_000);

    private static void Exercise(byte[] bytes)
    {
        if (ElfImage.TryOpen(new Loaded(bytes), new TargetAddress(Base), out var image))
            _ = image.TryFindSymbol("malloc", out _);
        _ = ElfSections.TryFind(new Flat(bytes), ".PyRuntime", out _, out _);
    }

    private static string FindLibrary() =>
        File.ReadLines("/proc/self/maps").Select(line => line[(line.LastIndexOf(' ') + 1)..]).First(path => path.EndsWith("/libc.so.6", StringComparison.Ordinal));

    private sealed class Flat(byte[] bytes) : IMemoryReader
    {
        public bool TryRead(TargetAddress address, Span<byte> destination)
        {
            if (address.Value > (ulong)bytes.Length || (ulong)destination.Length > (ulong)bytes.Length - address.Value)
                return false;
            bytes.AsSpan((int)address.Value, destination.Length).CopyTo(destination);
            return true;
        }
    }

    /// <summary>A library's segments where its program headers put them, as far as these can be believed.</summary>
    private sealed class Loaded : IMemoryReader
    {
        private readonly List<(ulong Low, byte[] Bytes)> _segments = [(Base, [])];

        public Loaded(byte[] file)
        {
            _segments[0] = (Base, file.Length > 4096 ? file[..4096] : file);
            if (!ElfHeader.TryParse(file, out var header) || header.ProgramHeaderSize != ElfSegment.Size)
                return;
            for (var i = 0; i < header.ProgramHeaderCount; i++)
            {
                var at = header.ProgramHeaderOffset + (ulong)(i * ElfSegment.Size);
                if (at > (ulong)file.Length || (ulong)file.Length - at < ElfSegment.Size)
                    break;
                var segment = ElfSegment.Parse(file.AsSpan((int)at));
                if (segment.Type == ElfSegment.Load && segment.Offset < (ulong)file.Length && segment.FileSize <= (ulong)file.Length - segment.Offset)
                    _segments.Add((unchecked(Base + segment.VirtualAddress), file.AsSpan((int)segment.Offset, (int)segment.FileSize).ToArray()));
            }
        }

        public bool TryRead(TargetAddress address, Span<byte> destination)
        {
            foreach (var (low, bytes) in _segments)
            {
                var offset = unchecked(address.Value - low);
                if (offset > (ulong)bytes.Length || (ulong)destination.Length > (ulong)bytes.Length - offset)
                    continue;
                bytes.AsSpan((int)offset, destination.Length).CopyTo(destination);
                return true;
            }
            return false;
        }
    }
}
