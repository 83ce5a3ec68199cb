namespace Hognose.CPython.Types;

/// <summary>Objects/exceptions.c: every exception is a BaseException and some fields more; those without fields are read as their base.</summary>
internal sealed partial class TypeSpecs
{
    private void AddExceptions()
    {
        AddException("BaseException", L.PyBaseExceptionObject.Size);
        AddException("BaseExceptionGroup", L.PyBaseExceptionGroupObject.Size, L.PyBaseExceptionGroupObject.msg, L.PyBaseExceptionGroupObject.excs);
        AddException("StopIteration", L.PyStopIterationObject.Size, L.PyStopIterationObject.value);
        AddException("SystemExit", L.PySystemExitObject.Size, L.PySystemExitObject.code);
        AddException(
            "ImportError", L.PyImportErrorObject.Size,
            L.PyImportErrorObject.msg, L.PyImportErrorObject.name, L.PyImportErrorObject.path, L.PyImportErrorObject.name_from);
        AddException(
            "OSError", L.PyOSErrorObject.Size,
            L.PyOSErrorObject.myerrno, L.PyOSErrorObject.strerror, L.PyOSErrorObject.filename, L.PyOSErrorObject.filename2);
        AddException(
            "SyntaxError", L.PySyntaxErrorObject.Size,
            L.PySyntaxErrorObject.msg, L.PySyntaxErrorObject.filename, L.PySyntaxErrorObject.lineno, L.PySyntaxErrorObject.offset,
            L.PySyntaxErrorObject.end_lineno, L.PySyntaxErrorObject.end_offset, L.PySyntaxErrorObject.text,
            L.PySyntaxErrorObject.print_file_and_line, L.PySyntaxErrorObject.metadata);
        foreach (var name in (string[])["UnicodeEncodeError", "UnicodeDecodeError", "UnicodeTranslateError"])
            AddException(
                name, L.PyUnicodeErrorObject.Size,
                L.PyUnicodeErrorObject.encoding, L.PyUnicodeErrorObject.@object, L.PyUnicodeErrorObject.reason);
        AddException("NameError", L.PyNameErrorObject.Size, L.PyNameErrorObject.name);
        AddException("AttributeError", L.PyAttributeErrorObject.Size, L.PyAttributeErrorObject.obj, L.PyAttributeErrorObject.name);
    }

    private void AddException(string name, int size, params ReadOnlySpan<int> fields) =>
        Add(name, size).Visits(fields).Visits(
            L.PyBaseExceptionObject.dict, L.PyBaseExceptionObject.args, L.PyBaseExceptionObject.notes, L.PyBaseExceptionObject.traceback,
            L.PyBaseExceptionObject.context, L.PyBaseExceptionObject.cause);
}
