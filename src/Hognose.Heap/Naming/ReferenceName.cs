namespace Hognose.Heap.Naming;

/// <summary>How a Python developer would write the way from one object to another.</summary>
public enum ReferenceKind : byte
{
    /// <summary>A reference that Python code cannot write: a field of a C struct.</summary>
    Unnamed,

    /// <summary><c>.name</c>; the name stands in <see cref="ReferenceName.Text"/>.</summary>
    Attribute,

    /// <summary><c>[17]</c>; the place stands in <see cref="ReferenceName.Index"/>.</summary>
    Item,

    /// <summary>The value of a dict under a key; the text of a str key stands in <see cref="ReferenceName.Text"/>, and is a content, not a name.</summary>
    Value,

    /// <summary>A key of a dict.</summary>
    Key,

    /// <summary>A member of a set.</summary>
    Member,

    /// <summary>A variable of a frame or generator.</summary>
    Local,

    /// <summary>What a cell holds.</summary>
    Cell,

    /// <summary>The dict of attributes of an instance, class or module: what follows is an attribute.</summary>
    Namespace,
}

/// <param name="Text">A name, or the text of a key; empty where there is none.</param>
/// <param name="Index">Of an item; else -1.</param>
public readonly record struct ReferenceName(ReferenceKind Kind, string Text = "", long Index = -1);

/// <summary>What holds an object from outside the heap.</summary>
public enum HolderKind : byte
{
    /// <summary>The dict of a module that <c>sys.modules</c> lists.</summary>
    Module,

    /// <summary>A variable of a function that runs.</summary>
    Local,

    /// <summary>A value that a function under way computes with.</summary>
    Temporary,

    /// <summary>A struct of the interpreter or the runtime.</summary>
    Interpreter,

    /// <summary>Part of a binary: lives as long as the process.</summary>
    Static,

    /// <summary>Its reference count says that it never dies.</summary>
    Immortal,

    /// <summary>Its reference count is higher than the references that were found: C code holds it.</summary>
    Native,
}

/// <summary>One holder of one object.</summary>
/// <param name="Name">Of the module or variable.</param>
/// <param name="Thread">Of a local: 1 for the main thread, then in the order in which they started.</param>
/// <param name="Function">Of a local: the function's name.</param>
/// <param name="File">Of a local: the path in its code object.</param>
public sealed record Holder(int Node, HolderKind Kind, string Name = "", int Thread = 0, string Function = "", string File = "")
{
    /// <summary>Of a local: where the function is; 0 where that cannot be told.</summary>
    public int Line { get; init; }

    /// <summary>Of a local: what <c>threading</c> calls the thread; may be empty.</summary>
    public string ThreadName { get; init; } = "";

    /// <summary>Of a module: the number of the interpreter that has imported it; 0 is the main one.</summary>
    public int Interpreter { get; init; }
}

/// <summary>A line of a file; 0 where there is none.</summary>
public readonly record struct Place(string File, int Line)
{
    /// <summary>As a report writes it: the file's own name, without its folders.</summary>
    public override string ToString() =>
        File is null ? "" : Line == 0 ? File[(File.LastIndexOf('/') + 1)..] : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{File[(File.LastIndexOf('/') + 1)..]}:{Line}");
}

/// <summary>Names single references of one heap, as they are asked for.</summary>
public interface IReferenceNames
{
    /// <summary>Of the first reference that leads from one to the other.</summary>
    ReferenceName Between(NodeId source, NodeId target);

    /// <summary>Items, entries or characters; -1 for an object that has no length.</summary>
    long LengthOf(NodeId node);

    /// <summary>The variable that a function keeps in the cell of its closure of this index; empty when that cannot be told.</summary>
    string FreeVariableOf(NodeId closure, long index);

    /// <summary>The name of a module, class, function or code object; empty for others.</summary>
    string OwnNameOf(NodeId node);

    /// <summary>What a weak reference leads to, without holding it; -1 when that is dead, or cannot be told.</summary>
    int WeakTargetOf(NodeId weakReference) => -1;

    /// <summary>The beginning of a str or bytes, or a number, as Python writes it: contents, for whoever asked for them. Empty for other objects.</summary>
    string ValueOf(NodeId node) => "";

    /// <summary>Where a generator or coroutine waits; line 0 for one that does not, and for other objects.</summary>
    Place SuspendedAt(NodeId node) => default;
}

/// <summary>Names that can be had all at once, to be kept when what they are read from is gone.</summary>
public interface ICompleteNames : IReferenceNames
{
    /// <param name="namespaces">Nodes whose keys are names of variables besides those that say so themselves: dicts of modules.</param>
    /// <param name="longestKey">Characters that are kept of contents: text keys of other dicts, strings, bytes, numbers; 0 leaves them out.</param>
    /// <param name="cancellation">Ends the work.</param>
    StoredNames ReadAll(IEnumerable<int> namespaces, int longestKey, CancellationToken cancellation);
}
