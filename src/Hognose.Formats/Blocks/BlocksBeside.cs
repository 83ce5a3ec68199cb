namespace Hognose.Formats.Blocks;

/// <summary>Packs blocks beside the work that fills the next ones, and writes them in their order: half of the time on two processors.</summary>
/// <param name="writer">Is this one's alone until <see cref="Complete"/>.</param>
internal sealed class BlocksBeside(BlockWriter writer) : BlockBuilder, IDisposable
{
    private const int MostUnderWay = 4;

    private readonly Queue<Packing> _underWay = new(MostUnderWay);
    private readonly Stack<Packing> _free = new(MostUnderWay);

    /// <summary>Waits until all is written; the writer is the caller's again.</summary>
    public void Complete()
    {
        Finish();
        while (_underWay.Count > 0)
            WriteFirst();
    }

    public void Dispose()
    {
        foreach (var packing in _underWay.Concat(_free))
            packing.Dispose();
    }

    protected override void HandOn(BlockType type)
    {
        if (_underWay.Count == MostUnderWay)
            WriteFirst();
        if (!_free.TryPop(out var packing))
            packing = new Packing();
        Payload = packing.Start(type, Payload);
        _underWay.Enqueue(packing);
    }

    private void WriteFirst()
    {
        var packing = _underWay.Dequeue();
        _free.Push(packing);
        writer.Write(packing.Packed());
    }

    private sealed class Packing : IDisposable
    {
        private readonly BlockPacker _packer = new();
        private PayloadWriter _payload = new();
        private Task _work = Task.CompletedTask;

        /// <summary>Takes a payload and gives the one that it had before, empty.</summary>
        public PayloadWriter Start(BlockType type, PayloadWriter payload)
        {
            var former = _payload;
            former.Clear();
            _payload = payload;
            _work = Task.Run(() => _packer.Pack(type, payload.Written));
            return former;
        }

        public BlockPacker Packed()
        {
            _work.GetAwaiter().GetResult();
            return _packer;
        }

        /// <summary>Also while it is at work: the file could not be written.</summary>
        public void Dispose()
        {
            _work.ContinueWith(static _ => { }, TaskScheduler.Default).Wait();
            _packer.Dispose();
        }
    }
}
