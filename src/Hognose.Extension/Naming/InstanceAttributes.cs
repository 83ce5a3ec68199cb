using Hognose.Extension.Python;

namespace Hognose.Extension.Naming;

/// <summary>
/// The attributes that an instance keeps without a dict (3.11 on): values in or beside the instance, names in its class. Nothing is asked that
/// would make the dict. Where the values lie the class's flags tell.
/// </summary>
internal unsafe struct InstanceAttributes
{
    // Words before an instance, in words: the two of the collector's head lie between.
    private const int DictWord = -3;
    private const int ValuesWordOf3_11 = -4;

    /// <summary>tp_dictoffset of such a class from 3.12 on; in 3.11 it is a lower number.</summary>
    private const nint ComputedPlace = -1;

    /// <summary>The dict, if there is one; null: none.</summary>
    public PyObject* Dict;

    /// <summary>How many places for values there are; values in them may be null.</summary>
    public nint Count;
    private PyObject** _values;
    private PyDictKeys* _keys;

    public static void Find(InstanceAttributes* found, PyObject* item)
    {
        var type = item->Type;
        found->Dict = null;
        found->_values = null;
        found->Count = 0;
        if ((type->Flags & TypeFlags.ManagedDict) == 0)
            return;
        var word = ((nint*)item)[DictWord];
        if ((word & 1) != 0)
            found->_values = (PyObject**)(word + 1); // 3.12: the lowest bit says that it is no dict.
        else
            found->Dict = (PyObject*)word;
        var capacity = nint.MaxValue;
        if (type->DictOffset < ComputedPlace)
            found->_values = ((PyObject***)item)[ValuesWordOf3_11];
        else if ((type->Flags & TypeFlags.InlineValues) != 0 && (PyInlineValues*)((byte*)item + type->BasicSize) is var inline && inline->Valid != 0)
        {
            found->_values = &inline->First;
            capacity = inline->Capacity;
        }
        if (found->_values == null)
            return;
        found->_keys = CachedKeys.Of(type);
        if (found->_keys != null && found->_keys->Kind == PyDictKeys.Split)
            found->Count = found->_keys->Entries < capacity ? found->_keys->Entries : capacity;
    }

    /// <summary>Null: not set.</summary>
    public static PyObject* Value(InstanceAttributes* found, nint number) => found->_values[number];

    public static PyObject* Name(InstanceAttributes* found, nint number) => PyDictKeys.Name(found->_keys, number);
}
