namespace Hognose.Reports.Terminal;

/// <summary>The vertical axis: from zero to a round figure at or above the highest value, in one unit.</summary>
/// <param name="TopBytes">Value at the upper edge.</param>
/// <param name="StepBytes">Distance of two labels.</param>
internal readonly record struct ChartScale(double TopBytes, double StepBytes, int Unit)
{
    private const int MostSteps = 4;

    public static ChartScale For(long highest)
    {
        var unit = Quantities.UnitOf(Math.Max(1, highest));
        var inUnit = Math.Pow(1024, unit);
        var step = RoundUp(Math.Max(1, highest) / inUnit / MostSteps);
        var steps = Math.Max(1, Math.Ceiling(Math.Round(highest / inUnit / step, 9)));
        return new ChartScale(steps * step * inUnit, step * inUnit, unit);
    }

    public string Label(double bytes)
    {
        var inUnit = Math.Pow(1024, Unit);
        var format = StepBytes / inUnit < 0.1 ? "0.00" : StepBytes / inUnit is < 1 or 2.5 ? "0.0" : "0";
        return $"{(bytes / inUnit).ToString(format, System.Globalization.CultureInfo.InvariantCulture)} {Quantities.UnitName(Unit)}";
    }

    // To 1, 2, 2.5 or 5 times a power of ten.
    private static double RoundUp(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        foreach (var factor in (ReadOnlySpan<double>)[1, 2, 2.5, 5])
            if (value <= factor * power * (1 + 1e-9))
                return factor * power;
        return 10 * power;
    }
}
