namespace Hognose.Diagnostics;

/// <summary>
/// The one family of exceptions that ends a command. It names what is wrong and what to do next;
/// only the command line turns it into a line of text and an exit status.
/// </summary>
public class CannotContinueException : Exception
{
    /// <summary>Exit status of a bad input or a refused target.</summary>
    public const int BadInput = 2;

    public CannotContinueException(string problem, string remedy, Exception? cause = null)
        : base(problem, cause) => Remedy = remedy;

    /// <summary>What the user can do, as a clause that follows the problem after a colon; may be empty.</summary>
    public string Remedy { get; }

    public virtual int ExitStatus => BadInput;
}
