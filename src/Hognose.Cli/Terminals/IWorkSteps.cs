namespace Hognose.Cli;

/// <summary>Is told what long work is at. May be called from any thread.</summary>
public interface IWorkSteps
{
    /// <param name="work">In the -ing form. How much of it is done is not known until <see cref="Part"/> tells.</param>
    void Begin(string work);

    /// <param name="part">Of what was begun last, from 0 to 1.</param>
    void Part(double part);
}

/// <summary>Nobody is told.</summary>
internal sealed class UntoldSteps : IWorkSteps
{
    public static IWorkSteps Instance { get; } = new UntoldSteps();

    public void Begin(string work)
    {
    }

    public void Part(double part)
    {
    }
}
