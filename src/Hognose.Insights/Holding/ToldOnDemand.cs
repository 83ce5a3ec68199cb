using System.Collections;

namespace Hognose.Insights.Holding;

/// <summary>A list whose items are made when they are first asked for, and kept. One thread reads it.</summary>
internal sealed class ToldOnDemand<T>(int count, Func<int, T> tell) : IReadOnlyList<T>
    where T : class
{
    private readonly T?[] _told = new T?[count];

    public int Count => _told.Length;

    public T this[int index] => _told[index] ??= tell(index);

    public IEnumerator<T> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
