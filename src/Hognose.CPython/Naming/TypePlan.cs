using Hognose.CPython.Types;

namespace Hognose.CPython.Naming;

internal enum NamingWay : byte
{
    /// <summary>Field by field, by whatever the type and its bases declare.</summary>
    General,

    /// <summary>All references are items, in order.</summary>
    Items,
    Dict,
    Members,

    /// <summary>An instance of a Python class without a base written in C: slots, values beside a dict, a dict.</summary>
    Instance,
}

internal enum LengthWay : byte
{
    None,
    Dict,
    Text,

    /// <summary><c>ob_size</c>.</summary>
    Count,
    Set,

    /// <summary>Bytes that a memoryview shows.</summary>
    View,

    /// <summary>Bytes that an array of numpy shows.</summary>
    NumpyArray,
}

/// <summary>How the instances of one type are named: worked out once a type, used for millions of objects.</summary>
/// <param name="Slots">Offset of each slot, and the number of its name.</param>
/// <param name="ValueNames">Of the values that stand beside a dict, in the order of the keys that the class shares.</param>
internal sealed record TypePlan(
    PyType Type, NamingWay Way, LengthWay Length, bool HasOwnName, bool IsFunction, bool IsWeak, bool HasValue, (int Offset, int Name)[] Slots, int[] ValueNames);
