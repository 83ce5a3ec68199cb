using System.Globalization;

namespace Hognose.Recording.Summary;

/// <summary>PY_VERSION_HEX for people.</summary>
internal static class PythonVersionText
{
    /// <summary>"3.11.7", "3.15.0rc2"; empty when no Python said hello.</summary>
    public static string Of(uint hex)
    {
        if (hex == 0)
            return "";
        var level = ((hex >> 4) & 15) switch { 0xA => "a", 0xB => "b", 0xC => "rc", _ => "" };
        var serial = level.Length == 0 ? "" : (hex & 15).ToString(CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{hex >> 24}.{(hex >> 16) & 255}.{(hex >> 8) & 255}{level}{serial}");
    }
}
