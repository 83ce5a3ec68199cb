namespace Hognose.Recording.Summary;

/// <summary>A thread as its first event told of it.</summary>
/// <param name="State">The address of its <c>PyThreadState</c>; 0: it has none.</param>
/// <param name="KernelId">0: not known (CPython ≤ 3.10).</param>
public readonly record struct SeenThread(ulong State, long KernelId);

/// <summary>What a thread is called.</summary>
/// <param name="KernelId">As in <see cref="SeenThread"/>, or what was learned since.</param>
/// <param name="Name">Empty: not known.</param>
/// <param name="IsPythons">The name is the one Python has of it, not the kernel's.</param>
public readonly record struct NamedThread(long KernelId, string Name, bool IsPythons = false);

/// <summary>Knows what the threads of the recorded program are called.</summary>
public interface IThreadNames
{
    /// <summary>False: it may know more in some milliseconds.</summary>
    bool IsReady { get; }

    /// <summary>Looks once for all of them. One answer each.</summary>
    IReadOnlyList<NamedThread> Look(IReadOnlyList<SeenThread> threads);
}
