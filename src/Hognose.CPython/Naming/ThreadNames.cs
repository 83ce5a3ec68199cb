using Hognose.CPython.Walk;
using Hognose.Heap.Naming;

namespace Hognose.CPython.Naming;

/// <summary>What <c>threading</c> calls the threads that it knows: <c>threading._active</c>, from a thread's <c>pthread_t</c> to its object.</summary>
internal sealed class ThreadNames(WalkContext context, DictEntries entries, ReferenceNames names)
{
    private readonly IntValues _ints = new(context);

    /// <summary>By pthread_t.</summary>
    /// <param name="dict">The namespace of the module <c>threading</c>; 0 when it was never imported.</param>
    public Dictionary<ulong, string> Read(ulong dict)
    {
        var byThread = new Dictionary<ulong, string>();
        foreach (var (key, active) in entries.OfText(dict))
        {
            if (key != "_active")
                continue;
            foreach (var (ident, thread) in entries.Of(active))
                if (_ints.MagnitudeOf(ident) is var number and not 0 && NameOf(thread) is { Length: > 0 } name)
                    byThread.TryAdd(number, name);
        }
        return byThread;
    }

    private string NameOf(ulong thread)
    {
        if (!names.IsObject(thread))
            return "";
        foreach (var (value, name) in names.All(thread))
        {
            if (name is { Kind: ReferenceKind.Attribute, Text: "_name" } && value != 0)
                return names.TextOf(value);
            if (name.Kind == ReferenceKind.Namespace && value != 0)
                foreach (var (key, attribute) in entries.OfText(value))
                    if (key == "_name")
                        return names.TextOf(attribute);
        }
        return "";
    }
}
