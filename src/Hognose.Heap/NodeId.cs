namespace Hognose.Heap;

/// <summary>Dense index of an object in one <see cref="HeapGraph"/>; ids ascend with addresses.</summary>
public readonly record struct NodeId(int Value);

/// <summary>Dense index of a type in one <see cref="TypeTable"/>.</summary>
public readonly record struct TypeId(int Value);
