using System.Globalization;

namespace Hognose.Reports.Terminal;

/// <summary>Figures in words. Binary units (1 MiB = 1,048,576 bytes), four significant digits or fewer.</summary>
public static class Quantities
{
    private static readonly string[] Units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    public static string Bytes(long bytes)
    {
        var unit = UnitOf(bytes);
        return unit == 0 ? (bytes == 1 ? "1 byte" : Invariant($"{bytes} bytes")) : $"{InUnit(bytes, unit)} {Units[unit]}";
    }

    /// <summary>With a sign: "+3.6 MiB".</summary>
    public static string Change(long bytes) => Sign(bytes) + Bytes(Math.Abs(bytes));

    public static string ChangedCount(long count) => Sign(count) + Count(Math.Abs(count));

    private static string Sign(long change) => change > 0 ? "+" : change < 0 ? "-" : "";

    /// <summary>Index of the unit in which a figure reads best.</summary>
    public static int UnitOf(long bytes)
    {
        var unit = 0;
        // 1023.95 would be shown as "1024.0".
        for (var value = (double)Math.Abs(bytes); value >= (unit == 0 ? 1024 : 1023.95) && unit < Units.Length - 1; value /= 1024)
            unit++;
        return unit;
    }

    public static string UnitName(int unit) => Units[unit];

    public static string InUnit(long bytes, int unit) => Invariant($"{bytes / Math.Pow(1024, unit):0.0}");

    public static string Count(long count) => Invariant($"{count:N0}");

    /// <summary>"1 block", "2 blocks".</summary>
    public static string Count(long count, string singular, string? plural = null) => $"{Count(count)} {(count == 1 ? singular : plural ?? singular + "s")}";

    /// <summary>"the only kind", "all 3 kinds", "10 of 31 kinds": how many of them are listed.</summary>
    public static string Extent(int shown, int all, string singular) =>
        shown < all ? $"{Count(shown)} of {Count(all, singular)}" : all == 1 ? $"the only {singular}" : $"all {Count(all, singular)}";

    public static string Seconds(long nanoseconds) => nanoseconds switch
    {
        < 1_000_000 => Invariant($"{nanoseconds / 1e3:0} µs"),
        < 1_000_000_000 => Invariant($"{nanoseconds / 1e6:0} ms"),
        < 100_000_000_000 => Invariant($"{nanoseconds / 1e9:0.00} s"),
        < 3_600_000_000_000 => Invariant($"{nanoseconds / 60_000_000_000} min {nanoseconds / 1_000_000_000 % 60} s"),
        _ => Invariant($"{nanoseconds / 3_600_000_000_000} h {nanoseconds / 60_000_000_000 % 60} min"),
    };

    public static string Percent(double share) => Invariant($"{share * 100:0.0} %");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
