using Hognose.CPython.Objects;

namespace Hognose.CPython.Types;

/// <summary>numpy: an example of how an extension's type is taught, with its readers beside it in one file (Objects/NumpyReaders.cs).</summary>
internal sealed partial class TypeSpecs
{
    private void AddNumpy() =>
        Add(NumpyArrays.TypeName).Owns(NumpyArrays.Base, NumpyArrays.ElementType).With(new NumpyItemsReader(context)).WordsBehind(NumpyArrays.End)
            .Sized(new NumpyArraySize(context));
}
