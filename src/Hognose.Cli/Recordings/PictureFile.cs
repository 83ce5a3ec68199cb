using Hognose.Diagnostics;
using Hognose.Reports.Charts;

namespace Hognose.Cli.Recordings;

/// <summary>A picture's file: its kind by its name, and how it is written.</summary>
internal static class PictureFile
{
    private static readonly Dictionary<string, PictureFormat> Formats = new(StringComparer.OrdinalIgnoreCase)
    {
        [".png"] = PictureFormat.Png, [".svg"] = PictureFormat.Svg, [".pdf"] = PictureFormat.Pdf, [".html"] = PictureFormat.Html, [".htm"] = PictureFormat.Html,
        [".jpg"] = PictureFormat.Jpeg, [".jpeg"] = PictureFormat.Jpeg, [".webp"] = PictureFormat.Webp,
    };

    public static bool IsKnown(string extension) => Formats.ContainsKey(extension);

    /// <param name="option">That named the file, for messages.</param>
    /// <returns>null: the name has no extension.</returns>
    /// <exception cref="CannotContinueException">A folder, or an extension of no picture.</exception>
    public static PictureFormat? FormatOf(string path, string option)
    {
        if (path.Length == 0 || Directory.Exists(path))
            throw new CannotContinueException($"cannot write a picture to '{path}', which is a folder", $"give a file with {option}");
        var extension = Path.GetExtension(path);
        if (Formats.TryGetValue(extension, out var format))
            return format;
        return extension.Length == 0 ? null
            : throw new CannotContinueException($"'{extension}' is no kind of picture that can be written", $"give {option} a name that ends in .png, .svg, .pdf, .jpg, .webp or .html");
    }

    /// <exception cref="CannotContinueException">It could not be written.</exception>
    public static void Write(string path, byte[] picture, string option)
    {
        using var file = WholeFile.Create(path, path, "picture", option);
        file.Keep(path, stream => stream.Write(picture));
    }
}
