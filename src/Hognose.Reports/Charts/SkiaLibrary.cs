using System.Reflection;
using System.Runtime.InteropServices;
using Hognose.Diagnostics;
using SkiaSharp;

namespace Hognose.Reports.Charts;

/// <summary>
/// Skia's native library, which draws. It is a resource of this assembly, so that the tool stays one file; it is loaded from a file in memory the
/// first time a picture is asked for (11 MB, some 10 ms), and costs nothing before.
/// </summary>
internal static unsafe class SkiaLibrary
{
    private const string Resource = "Hognose.Reports.libSkiaSharp.so";
    private const string Name = "libSkiaSharp";
    private const uint CloseOnExec = 1;
    private static readonly Lazy<nint> Loaded = new(Load);
    private static int _isResolved;

    /// <summary>To be called before anything of SkiaSharp or ScottPlot.</summary>
    public static void Prepare()
    {
        if (Interlocked.Exchange(ref _isResolved, 1) == 0)
            NativeLibrary.SetDllImportResolver(typeof(SKObject).Assembly, (name, _, _) => name == Name ? Loaded.Value : 0);
    }

    private static nint Load()
    {
        int descriptor;
        fixed (byte* name = "hognose-skia\0"u8)
            descriptor = memfd_create(name, CloseOnExec);
        if (descriptor < 0)
            throw Unloadable(new InvalidOperationException("memfd_create failed"));
        var path = $"/proc/self/fd/{descriptor}";
        try
        {
            using (var library = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)!)
            using (var file = new FileStream(path, FileMode.Open, FileAccess.Write))
                library.CopyTo(file);
            return NativeLibrary.Load(path);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException or DllNotFoundException or BadImageFormatException)
        {
            throw Unloadable(trouble);
        }
        finally
        {
            _ = close(descriptor); // The mapping stays.
        }
    }

    private static CannotContinueException Unloadable(Exception cause) =>
        new($"the drawing library cannot be loaded ({cause.Message})", "draw in the terminal, without --output", cause);

    [DllImport("libc")]
    private static extern int memfd_create(byte* name, uint flags);

    [DllImport("libc")]
    private static extern int close(int descriptor);
}
