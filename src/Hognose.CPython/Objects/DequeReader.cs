using Hognose.CPython.Types;
using Hognose.CPython.Walk;
using Hognose.Heap;

namespace Hognose.CPython.Objects;

/// <summary>A chain of blocks of 64 items, from <c>leftindex</c> of the first to <c>rightindex</c> of the last (Modules/_collectionsmodule.c).</summary>
internal sealed unsafe class DequeReader(WalkContext context) : ObjectReader
{
    private const int ItemsPerBlock = 64;

    private readonly int _sizeOffset = context.Layout.PyVarObject.ob_size;
    private readonly int _leftBlock = context.Layout.DequeObject.leftblock;
    private readonly int _leftIndex = context.Layout.DequeObject.leftindex;
    private readonly int _data = context.Layout.DequeBlock.data;
    private readonly int _right = context.Layout.DequeBlock.rightlink;
    private readonly int _blockSize = context.Layout.DequeBlock.Size;

    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges)
    {
        var left = Math.Min(*(long*)(at + _sizeOffset), context.MaxItems);
        var index = *(long*)(at + _leftIndex);
        var block = *(ulong*)(at + _leftBlock);
        while (left > 0 && index is >= 0 and < ItemsPerBlock)
        {
            var items = context.Memory.Translate(block, (ulong)_blockSize);
            if (items == null)
                return;
            var count = Math.Min(left, ItemsPerBlock - index);
            edges.AddAll((ulong*)(items + _data) + index, count, EdgeKind.Ref);
            left -= count;
            index = 0;
            block = *(ulong*)(items + _right);
        }
    }
}
