using Hognose.CPython.Walk;
using Hognose.Heap.Naming;

namespace Hognose.CPython.Naming;

/// <summary>The modules that <c>sys.modules</c> lists, by name.</summary>
internal sealed class ModuleHolders(WalkContext context, DictEntries entries, InterpreterStates states, Func<ulong, int> idOf)
{
    public IEnumerable<Holder> Read() =>
        from module in Namespaces()
        where idOf(module.Dict) >= 0
        select new Holder(idOf(module.Dict), HolderKind.Module, module.Name) { Interpreter = module.Interpreter };

    /// <summary>Of the first interpreter that has it; 0 when none has.</summary>
    public ulong NamespaceOf(string name) => Namespaces().FirstOrDefault(module => module.Name == name).Dict;

    private IEnumerable<(string Name, ulong Dict, int Interpreter)> Namespaces()
    {
        var layout = context.Layout;
        var field = layout.PyInterpreterState.imports_modules >= 0 ? layout.PyInterpreterState.imports_modules : layout.PyInterpreterState.modules;
        foreach (var interpreter in states.Interpreters)
        {
            if (field < 0)
                yield break;
            foreach (var (name, module) in entries.OfText(context.Memory.U64(interpreter + (ulong)field)))
                if (IsModule(module))
                    yield return (name, context.Memory.U64(module + (ulong)layout.PyModuleObject.md_dict), NumberOf(interpreter));
        }
    }

    private int NumberOf(ulong interpreter) => context.Memory.I64(interpreter + (ulong)context.Layout.PyInterpreterState.id) is var id and > 0 and < int.MaxValue ? (int)id : 0;

    private bool IsModule(ulong address)
    {
        var type = context.Memory.U64(address + (ulong)context.Layout.PyObject.ob_type);
        var basicSize = context.Memory.I64(type + (ulong)context.Layout.PyTypeObject.tp_basicsize);
        return basicSize >= context.Layout.PyModuleObject.Size && idOf(address) >= 0;
    }
}
