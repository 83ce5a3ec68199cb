using Hognose.CPython.Objects;

namespace Hognose.CPython.Types;

/// <summary>Modules/_io.</summary>
internal sealed partial class TypeSpecs
{
    private void AddInputOutput()
    {
        Add("_io._IOBase", L.IOBase.Size).Visits(L.IOBase.dict);
        Add("_io.FileIO", L.FileIO.Size).Visits(L.FileIO.dict);
        var bytes = Add("_io.BytesIO", L.BytesIO.Size).Visits(L.BytesIO.dict).Sized(new BytesIOSize(context));
        From(12, bytes, L.BytesIO.buf);
        Add("_io._BytesIOBuffer", L.BytesIOBuffer.Size).Visits(L.BytesIOBuffer.source);
        // What was written and not read yet: up to 3.10 lists of texts, then one text of a writer.
        var text = Add("_io.StringIO", L.StringIO.Size).Visits(L.StringIO.dict)
            .Owns(L.StringIO.accu_large, L.StringIO.accu_small).With(new TextWriterReader(context));
        From(12, text, L.StringIO.decoder, L.StringIO.readnl, L.StringIO.writenl);
        foreach (var name in (string[])["_io.BufferedReader", "_io.BufferedWriter", "_io.BufferedRandom"])
            Add(name, L.Buffered.Size)
                .Visits(L.Buffered.raw, L.Buffered.dict)
                .Sized(new BufferSize(L.Buffered.buffer_size, 1, onlyIfSet: L.Buffered.buffer));
        var pair = Add("_io.BufferedRWPair", L.BufferedPair.Size).Visits(L.BufferedPair.dict);
        From(12, pair, L.BufferedPair.reader, L.BufferedPair.writer);
        Add("_io.TextIOWrapper", L.TextIO.Size).Visits(
            L.TextIO.buffer, L.TextIO.encoding, L.TextIO.encoder, L.TextIO.decoder, L.TextIO.readnl, L.TextIO.decoded_chars,
            L.TextIO.pending_bytes, L.TextIO.snapshot, L.TextIO.errors, L.TextIO.raw, L.TextIO.dict);
        var newlines = Add("_io.IncrementalNewlineDecoder", L.NewlineDecoderObject.Size);
        From(12, newlines, L.NewlineDecoderObject.decoder, L.NewlineDecoderObject.errors);
    }
}
