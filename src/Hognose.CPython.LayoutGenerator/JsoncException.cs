namespace Hognose.CPython.LayoutGenerator;

/// <summary>A data file that is not what it should be, with the place.</summary>
internal sealed class JsoncException(string message, int position) : Exception(message)
{
    public int Position { get; } = position;
}
