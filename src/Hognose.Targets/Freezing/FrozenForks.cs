namespace Hognose.Targets.Freezing;

/// <summary>The frozen children that are there, for an end of ours that no one's Dispose sees.</summary>
public static class FrozenForks
{
    private static readonly List<FrozenFork> Open = [];

    /// <summary>Has every target take its child away; returns when that is done, or was tried for some seconds.</summary>
    public static void End()
    {
        FrozenFork[] open;
        lock (Open)
            open = [.. Open];
        foreach (var fork in open)
            fork.Dispose();
    }

    internal static void Add(FrozenFork fork)
    {
        lock (Open)
            Open.Add(fork);
    }

    internal static void Remove(FrozenFork fork)
    {
        lock (Open)
            _ = Open.Remove(fork);
    }
}
