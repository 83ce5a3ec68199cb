using Hognose.Agent;

namespace Hognose.Extension.Python;

/// <summary>What the extension calls of CPython: exported by 3.8 to 3.15 and found by name, so that one library serves all of them.</summary>
internal unsafe struct PythonApi
{
    public delegate* unmanaged[SuppressGCTransition]<PyModuleDef*, PyObject*> ModuleDefInit;
    public delegate* unmanaged[SuppressGCTransition]<nint, PyObject*> LongFromSsize;
    public delegate* unmanaged[SuppressGCTransition]<PyObject*, nint> LongAsSsize;
    public delegate* unmanaged[SuppressGCTransition]<nint, PyObject*> NewTuple;
    public delegate* unmanaged[SuppressGCTransition]<PyObject*, nint, PyObject*, int> SetTupleItem;
    public delegate* unmanaged[SuppressGCTransition]<PyObject*, nint, PyObject*> TupleItem;
    public delegate* unmanaged[SuppressGCTransition]<PyObject*, nint> TupleSize;
    public delegate* unmanaged[SuppressGCTransition]<nint, PyObject*> NewList;
    public delegate* unmanaged[SuppressGCTransition]<PyObject*, PyObject*, int> AppendToList;
    public delegate* unmanaged[SuppressGCTransition]<PyObject*, nint, PyObject*> ListItem;
    public delegate* unmanaged[SuppressGCTransition]<PyObject*, nint> ListSize;
    public delegate* unmanaged[SuppressGCTransition]<byte*, PyObject*> InternedStr;
    public delegate* unmanaged[SuppressGCTransition]<PyTypeObject*, PyObject*, PyObject*> LookUpInType;
    public delegate* unmanaged[SuppressGCTransition]<PyTypeObject*, PyTypeObject*, int> IsSubtype;
    public delegate* unmanaged[SuppressGCTransition]<PyObject*, nuint> SizeOf;
    public delegate* unmanaged[SuppressGCTransition]<PyObject*, void> IncRef;
    public delegate* unmanaged[SuppressGCTransition]<PyObject*, void> DecRef;
    public delegate* unmanaged[SuppressGCTransition]<PyObject*> ErrorOccurred;
    public delegate* unmanaged[SuppressGCTransition]<void> ClearError;
    public delegate* unmanaged[SuppressGCTransition]<PyObject*> NoMemory;
    public delegate* unmanaged[SuppressGCTransition]<PyObject*, byte*, void> SetError;
    public delegate* unmanaged[SuppressGCTransition]<PyObject*, nint*, PyObject**, PyObject**, int> NextOfDict;
    public delegate* unmanaged[SuppressGCTransition]<void*, byte*, delegate*<PyObject*, void>, PyObject*> NewCapsule;
    public delegate* unmanaged[SuppressGCTransition]<PyObject*, byte*, void*> CapsulePointer;

    /// <summary>Null before 3.14: there the count is the whole word.</summary>
    public delegate* unmanaged[SuppressGCTransition]<PyObject*, nint> ReferenceCount;

    /// <summary>New references; null before 3.11.</summary>
    public delegate* unmanaged[SuppressGCTransition]<PyTypeObject*, PyObject*> NameOfType;
    public delegate* unmanaged[SuppressGCTransition]<PyTypeObject*, PyObject*> QualifiedNameOfType;

    public PyTypeObject* MethodDescriptorType;
    public PyTypeObject* ModuleType;
    public PyTypeObject* CodeType;
    public PyTypeObject* FrameType;
    public PyTypeObject* FunctionType;
    public PyTypeObject* BuiltinFunctionType;
    public PyTypeObject* DictType;
    public PyTypeObject* ListType;
    public PyTypeObject* TupleType;
    public PyTypeObject* RangeType;
    public PyTypeObject* MemberDescriptorType;
    public PyObject* None;
    public PyObject* TypeError;
    public PyObject* ImportError;

    /// <summary>False: this process is no CPython from 3.8 on, or one that hides its symbols.</summary>
    public static bool TryFind(PythonApi* api)
    {
        var isComplete = true;
        api->ModuleDefInit = (delegate* unmanaged[SuppressGCTransition]<PyModuleDef*, PyObject*>)Find("PyModuleDef_Init"u8, &isComplete);
        api->LongFromSsize = (delegate* unmanaged[SuppressGCTransition]<nint, PyObject*>)Find("PyLong_FromSsize_t"u8, &isComplete);
        api->LongAsSsize = (delegate* unmanaged[SuppressGCTransition]<PyObject*, nint>)Find("PyLong_AsSsize_t"u8, &isComplete);
        api->NewTuple = (delegate* unmanaged[SuppressGCTransition]<nint, PyObject*>)Find("PyTuple_New"u8, &isComplete);
        api->SetTupleItem = (delegate* unmanaged[SuppressGCTransition]<PyObject*, nint, PyObject*, int>)Find("PyTuple_SetItem"u8, &isComplete);
        api->TupleItem = (delegate* unmanaged[SuppressGCTransition]<PyObject*, nint, PyObject*>)Find("PyTuple_GetItem"u8, &isComplete);
        api->TupleSize = (delegate* unmanaged[SuppressGCTransition]<PyObject*, nint>)Find("PyTuple_Size"u8, &isComplete);
        api->NewList = (delegate* unmanaged[SuppressGCTransition]<nint, PyObject*>)Find("PyList_New"u8, &isComplete);
        api->AppendToList = (delegate* unmanaged[SuppressGCTransition]<PyObject*, PyObject*, int>)Find("PyList_Append"u8, &isComplete);
        api->ListItem = (delegate* unmanaged[SuppressGCTransition]<PyObject*, nint, PyObject*>)Find("PyList_GetItem"u8, &isComplete);
        api->ListSize = (delegate* unmanaged[SuppressGCTransition]<PyObject*, nint>)Find("PyList_Size"u8, &isComplete);
        api->InternedStr = (delegate* unmanaged[SuppressGCTransition]<byte*, PyObject*>)Find("PyUnicode_InternFromString"u8, &isComplete);
        api->LookUpInType = (delegate* unmanaged[SuppressGCTransition]<PyTypeObject*, PyObject*, PyObject*>)Find("_PyType_Lookup"u8, &isComplete);
        api->IsSubtype = (delegate* unmanaged[SuppressGCTransition]<PyTypeObject*, PyTypeObject*, int>)Find("PyType_IsSubtype"u8, &isComplete);
        api->SizeOf = (delegate* unmanaged[SuppressGCTransition]<PyObject*, nuint>)Find("_PySys_GetSizeOf"u8, &isComplete);
        api->IncRef = (delegate* unmanaged[SuppressGCTransition]<PyObject*, void>)Find("Py_IncRef"u8, &isComplete);
        api->DecRef = (delegate* unmanaged[SuppressGCTransition]<PyObject*, void>)Find("Py_DecRef"u8, &isComplete);
        api->ErrorOccurred = (delegate* unmanaged[SuppressGCTransition]<PyObject*>)Find("PyErr_Occurred"u8, &isComplete);
        api->ClearError = (delegate* unmanaged[SuppressGCTransition]<void>)Find("PyErr_Clear"u8, &isComplete);
        api->NoMemory = (delegate* unmanaged[SuppressGCTransition]<PyObject*>)Find("PyErr_NoMemory"u8, &isComplete);
        api->SetError = (delegate* unmanaged[SuppressGCTransition]<PyObject*, byte*, void>)Find("PyErr_SetString"u8, &isComplete);
        api->NextOfDict = (delegate* unmanaged[SuppressGCTransition]<PyObject*, nint*, PyObject**, PyObject**, int>)Find("PyDict_Next"u8, &isComplete);
        api->NewCapsule = (delegate* unmanaged[SuppressGCTransition]<void*, byte*, delegate*<PyObject*, void>, PyObject*>)Find("PyCapsule_New"u8, &isComplete);
        api->CapsulePointer = (delegate* unmanaged[SuppressGCTransition]<PyObject*, byte*, void*>)Find("PyCapsule_GetPointer"u8, &isComplete);
        api->ReferenceCount = (delegate* unmanaged[SuppressGCTransition]<PyObject*, nint>)Libc.dlsym(null, Text.C("Py_REFCNT"u8));
        api->NameOfType = (delegate* unmanaged[SuppressGCTransition]<PyTypeObject*, PyObject*>)Libc.dlsym(null, Text.C("PyType_GetName"u8));
        api->QualifiedNameOfType = (delegate* unmanaged[SuppressGCTransition]<PyTypeObject*, PyObject*>)Libc.dlsym(null, Text.C("PyType_GetQualName"u8));
        return isComplete && TryFindObjects(api);
    }

    private static bool TryFindObjects(PythonApi* api)
    {
        var isComplete = true;
        api->MethodDescriptorType = (PyTypeObject*)Find("PyMethodDescr_Type"u8, &isComplete);
        api->ModuleType = (PyTypeObject*)Find("PyModule_Type"u8, &isComplete);
        api->CodeType = (PyTypeObject*)Find("PyCode_Type"u8, &isComplete);
        api->FrameType = (PyTypeObject*)Find("PyFrame_Type"u8, &isComplete);
        api->FunctionType = (PyTypeObject*)Find("PyFunction_Type"u8, &isComplete);
        api->BuiltinFunctionType = (PyTypeObject*)Find("PyCFunction_Type"u8, &isComplete);
        api->DictType = (PyTypeObject*)Find("PyDict_Type"u8, &isComplete);
        api->ListType = (PyTypeObject*)Find("PyList_Type"u8, &isComplete);
        api->TupleType = (PyTypeObject*)Find("PyTuple_Type"u8, &isComplete);
        api->RangeType = (PyTypeObject*)Find("PyRange_Type"u8, &isComplete);
        api->MemberDescriptorType = (PyTypeObject*)Find("PyMemberDescr_Type"u8, &isComplete);
        api->None = (PyObject*)Find("_Py_NoneStruct"u8, &isComplete);
        var typeError = (PyObject**)Find("PyExc_TypeError"u8, &isComplete);
        var importError = (PyObject**)Find("PyExc_ImportError"u8, &isComplete);
        if (!isComplete)
            return false;
        api->TypeError = *typeError;
        api->ImportError = *importError;
        return true;
    }

    private static void* Find(ReadOnlySpan<byte> name, bool* isComplete)
    {
        var symbol = Libc.dlsym(null, Text.C(name));
        *isComplete &= symbol != null;
        return symbol;
    }
}
