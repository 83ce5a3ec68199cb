using Hognose.Diagnostics;

namespace Hognose.WheelMaker;

internal static class Program
{
    private const string Usage = "usage: wheel-maker BUILD-FOLDER EXTENSION-LIBRARY REPOSITORY OUTPUT-FOLDER";

    public static int Main(string[] arguments)
    {
        if (arguments.Length != 4)
        {
            Console.Error.WriteLine(Usage);
            return CannotContinueException.BadInput;
        }
        try
        {
            var wheel = Wheel.Of(new WheelSources(arguments[0], arguments[1], arguments[2]));
            Console.WriteLine(WheelArchive.Write(wheel, arguments[3]));
            WheelArchive.Write(CompatWheel.Of(arguments[2]), arguments[3]);
            return 0;
        }
        catch (CannotContinueException trouble)
        {
            Console.Error.WriteLine($"hognose: {trouble.Message}: {trouble.Remedy}");
            return CannotContinueException.BadInput;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"hognose: the wheel cannot be made: {trouble.Message}");
            return CannotContinueException.BadInput;
        }
    }
}
