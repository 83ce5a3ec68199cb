using Hognose.Targets.Memory;
using Hognose.Targets.Native;
using Hognose.Targets.Processes;

namespace Hognose.Targets.Attach;

/// <summary>A stopped thread's errno, as it was when this was made; put back at the end.</summary>
internal sealed unsafe class KeptErrno : IDisposable
{
    private readonly TargetProcess _process;
    private readonly ulong _address;
    private readonly bool _isKnown;
    private readonly int _value;

    public KeptErrno(TargetProcess process, ErrnoPlace place, ulong threadPointer)
    {
        _process = process;
        _address = unchecked(threadPointer + (ulong)place.Offset);
        _isKnown = process.Memory.TryRead(new TargetAddress(_address), out _value);
    }

    public void Dispose()
    {
        if (!_isKnown)
            return;
        var value = _value;
        var local = new IoVector((nuint)(&value), sizeof(int));
        var remote = new IoVector((nuint)_address, sizeof(int));
        _ = LibC.process_vm_writev(_process.Id, &local, 1, &remote, 1, 0);
    }
}
