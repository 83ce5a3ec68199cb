using Hognose.Diagnostics;
using Hognose.Targets.Cores;
using Hognose.Targets.Memory;
using Hognose.Testing;
using Hognose.Testing.Fuzzing;

namespace Hognose.Targets.Tests.Cores;

/// <summary>The reader of core files: whatever comes is read or refused in one line.</summary>
public sealed class CoreFuzzTests : IDisposable
{
    private const long MostBytes = 64 << 20;
    private const int Headers = HandmadeCore.HeaderSize + (3 * HandmadeCore.SegmentSize);

    private readonly TemporaryFolder _folder = new();
    private int _files;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_core_altered_anywhere() => FuzzRun.Give(500, MostBytes, Altered, Read);

    /// <summary>Most of a core is memory: changes go to the headers and the notes.</summary>
    private static byte[] Altered(Random random)
    {
        var core = HandmadeCore.Make(random.Next(2) * 0x5f0);
        if (random.Next(2) == 0)
            return Mutation.Of(core, random, Headers);
        byte[] notes = [.. Mutation.Of(core[HandmadeCore.Page..(HandmadeCore.Page + 800)], random), .. new byte[HandmadeCore.Page]];
        notes.AsSpan(0, HandmadeCore.Page).CopyTo(core.AsSpan(HandmadeCore.Page));
        return random.Next(8) == 0 ? core[..random.Next(core.Length)] : core;
    }

    private void Read(byte[] bytes)
    {
        // A new name each time: the pages of the last one are still mapped while it is being taken down.
        var path = _folder.At($"core{_files++ % 16}");
        File.Delete(path);
        File.WriteAllBytes(path, bytes);
        using var core = CoreFile.Open(path, null, Limits.Default, CancellationToken.None);
        using var copy = core.Copy;
        var word = new byte[8];
        foreach (var region in copy.Regions.Regions)
        {
            _ = copy.Memory.TryRead(region.Low, word);
            _ = copy.Memory.TryRead(new TargetAddress(region.High.Value - 8), word);
        }
        _ = core.ReadPresent(core.ReadMappings(Limits.Default), 16).Take(8).Sum(piece => piece.Bytes.Length);
        _ = core.CutOffBytes;
    }
}
