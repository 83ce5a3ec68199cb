using Hognose.CPython.Objects;

namespace Hognose.CPython.Types;

/// <summary>Modules/_asynciomodule.c.</summary>
internal sealed partial class TypeSpecs
{
    private void AddAsyncio()
    {
        AddFuture("_asyncio.Future", L.FutureObject.Size);
        AddFuture("_asyncio.Task", L.TaskObject.Size).Visits(
            L.TaskObject.task_context, L.TaskObject.task_coro, L.TaskObject.task_name, L.TaskObject.task_fut_waiter);
        Add("_asyncio.FutureIter", L.FutureIteratorObject.Size).Visits(L.FutureIteratorObject.future);
        foreach (var name in (string[])["TaskStepMethWrapper", "_asyncio.TaskStepMethWrapper"])
            Add(name, L.TaskStepMethodWrapper.Size).Visits(L.TaskStepMethodWrapper.sw_task, L.TaskStepMethodWrapper.sw_arg);
    }

    private TypeSpec AddFuture(string name, int size)
    {
        var spec = Add(name, size).Visits(
            L.FutureObject.fut_loop, L.FutureObject.fut_callback0, L.FutureObject.fut_context0, L.FutureObject.fut_callbacks,
            L.FutureObject.fut_exception, L.FutureObject.fut_exception_tb, L.FutureObject.fut_result, L.FutureObject.fut_source_tb,
            L.FutureObject.fut_cancel_msg, L.FutureObject.fut_cancelled_exc, L.FutureObject.fut_awaited_by, L.FutureObject.dict);
        if (L.FutureObject.fut_cancelled_exc_state >= 0)
            spec.Visits(ExceptionState.Offsets(L, L.FutureObject.fut_cancelled_exc_state));
        return spec;
    }
}
