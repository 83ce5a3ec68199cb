using Hognose.Diagnostics;

namespace Hognose.Cli.Programs;

/// <summary>What python is to run, read off its arguments as python itself reads them.</summary>
/// <param name="Arguments">All of them, unchanged, for the interpreter.</param>
/// <param name="Name">Short name of the program, fit for a file name: "app" of "src/app.py".</param>
/// <param name="Script">Path of the script; null for a module, code or stdin.</param>
/// <param name="Start">Where the program begins in the arguments; before it are options of the interpreter's.</param>
internal sealed record PythonLine(IReadOnlyList<string> Arguments, string Name, string? Script, int Start)
{
    private static readonly string[] OptionsWithValue = ["-W", "-X", "--check-hash-based-pycs"];

    /// <exception cref="CannotContinueException">There is no program in it.</exception>
    public static PythonLine Parse(IReadOnlyList<string> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (argument.StartsWith("-m", StringComparison.Ordinal) || argument.StartsWith("-c", StringComparison.Ordinal))
                return OfModuleOrCode(arguments, i);
            if (argument == "-")
                return new PythonLine(arguments, "stdin", null, i);
            if (argument.Length == 0 || argument[0] != '-')
                return new PythonLine(arguments, NameOf(Path.GetFileNameWithoutExtension(argument.TrimEnd('/'))), argument, i);
            if (OptionsWithValue.Contains(argument))
                i++;
        }
        throw new CannotContinueException("no program to run", "name a script, as in 'hognose run app.py', or see 'hognose run --help'");
    }

    /// <exception cref="CannotContinueException">There is no such script.</exception>
    public void CheckScript()
    {
        if (Script is null || File.Exists(Script) || Directory.Exists(Script)) // A folder or a zip with a __main__.py is a script as well.
            return;
        var hint = Script.EndsWith(".py", StringComparison.Ordinal) || Script.Contains('/', StringComparison.Ordinal)
            ? "check the path; it is taken from the current directory"
            : $"give the path of a script, or 'hognose run -m {Script}' for a module";
        throw new CannotContinueException($"no script '{Script}'", hint);
    }

    private static PythonLine OfModuleOrCode(IReadOnlyList<string> arguments, int at)
    {
        var option = arguments[at];
        var attached = option.Length > 2;
        if (!attached && at + 1 == arguments.Count)
            throw new CannotContinueException($"'{option}' needs a value", option == "-m" ? "name a module, as in 'hognose run -m pytest'" : "give code, as in \"hognose run -c 'import json'\"");
        var value = attached ? option[2..] : arguments[at + 1];
        return new PythonLine(arguments, option[1] == 'c' ? "code" : NameOf(value), null, at);
    }

    // What may stand in a file name without quoting in a shell.
    private static string NameOf(string text)
    {
        var name = string.Concat(text.Take(64).Select(one => char.IsLetterOrDigit(one) || one is '_' or '-' or '.' ? one : '_')).TrimStart('.', '-');
        return name.Length == 0 ? "program" : name;
    }
}
