using Hognose.Agent;
using Hognose.Extension.Python;

namespace Hognose.Extension.Walk;

/// <summary>
/// Where a code object keeps what it refers to: in members that its type shows by name, which differ from version to version as their places do.
/// Found once a process.
/// </summary>
internal unsafe struct CodeFields
{
    public const int Most = 16;

    private fixed long _offsets[Most];
    private fixed long _names[Most];
    private int _count;

    public static int Count(CodeFields* fields)
    {
        if (fields->_count == 0)
            Find(fields);
        return fields->_count;
    }

    public static PyObject* Value(CodeFields* fields, PyObject* code, nint number) => *(PyObject**)((byte*)code + fields->_offsets[number]);

    /// <summary>Null: the field has none that Python knows.</summary>
    public static byte* Name(CodeFields* fields, nint number) => (byte*)fields->_names[number];

    private static void Find(CodeFields* fields)
    {
        AddMember(fields, Text.C("co_code"u8));
        AddMember(fields, Text.C("co_consts"u8));
        AddMember(fields, Text.C("co_names"u8));
        AddMember(fields, Text.C("co_varnames"u8));
        AddMember(fields, Text.C("co_freevars"u8));
        AddMember(fields, Text.C("co_cellvars"u8));
        AddMember(fields, Text.C("co_lnotab"u8));
        AddMember(fields, Text.C("co_linetable"u8));
        AddMember(fields, Text.C("co_exceptiontable"u8));
        AddMember(fields, Text.C("co_name"u8));
        AddMember(fields, Text.C("co_filename"u8));
        var fileName = fields->_offsets[fields->_count - 1];
        // Whoever has a qualified name (3.11 on) keeps the names of variables, and their kinds, in two fields that are no members, before the file's.
        if (!AddMember(fields, Text.C("co_qualname"u8)))
            return;
        Add(fields, fileName - (2 * sizeof(nint)), null);
        Add(fields, fileName - sizeof(nint), null);
    }

    private static bool AddMember(CodeFields* fields, byte* name)
    {
        var python = ExtensionModule.Python;
        var text = python->InternedStr(name);
        if (text == null)
        {
            python->ClearError();
            return false;
        }
        var descriptor = python->LookUpInType(python->CodeType, text);
        python->DecRef(text);
        if (descriptor == null || descriptor->Type != python->MemberDescriptorType)
            return false;
        Add(fields, ((PyMemberDescriptor*)descriptor)->Member->Offset, name);
        return true;
    }

    private static void Add(CodeFields* fields, long offset, byte* name)
    {
        fields->_offsets[fields->_count] = offset;
        fields->_names[fields->_count++] = (long)name;
    }
}
