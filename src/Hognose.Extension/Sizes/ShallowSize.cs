using System.Runtime.CompilerServices;
using Hognose.Extension.Python;

namespace Hognose.Extension.Sizes;

/// <summary>sys.getsizeof of one object, without its detours: no attribute is looked up twice and no code of the user's runs.</summary>
internal static unsafe class ShallowSize
{
    /// <summary>-1: the type's C function raised or gave no size; the error is cleared.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Of(PyObject* item, KnownType* known) =>
        known->Way == SizeWay.Plain ? Plain(item, known) : known->Way == SizeWay.Ask ? Asked(item) : Called(item, known);

    public static nint Plain(PyObject* item, KnownType* known)
    {
        var type = known->Type;
        var size = type->BasicSize + known->Before;
        if (type->ItemSize > 0)
            size += type->ItemSize * (item->Items < 0 ? -item->Items : item->Items);
        return size;
    }

    private static nint Asked(PyObject* item)
    {
        var python = ExtensionModule.Python;
        var size = (nint)python->SizeOf(item);
        return size == -1 && python->ErrorOccurred() != null ? Cleared() : size;
    }

    private static nint Called(PyObject* item, KnownType* known)
    {
        // An overridden __sizeof__ above object's own.
        if (known->Method == null)
            return Plain(item, known);
        var python = ExtensionModule.Python;
        var number = known->Method(item, null);
        if (number == null)
            return Cleared();
        var size = python->LongAsSsize(number);
        python->DecRef(number);
        if (size < 0)
            return Cleared();
        return size + known->Before;
    }

    private static nint Cleared()
    {
        ExtensionModule.Python->ClearError();
        return -1;
    }
}
