namespace Hognose.Insights.Holding;

/// <summary>A step of a way in words.</summary>
/// <param name="Text">Of this one: <c>.rows</c>, <c>asyncio task 'poll' awaiting fetch()</c>.</param>
/// <param name="Alike">Of any that leads to an object of the same kind, whatever its own name: <c>asyncio tasks awaiting fetch()</c>.</param>
internal readonly record struct WayStep(string Text, string Alike)
{
    public static implicit operator WayStep(string text) => new(text, text);
}
