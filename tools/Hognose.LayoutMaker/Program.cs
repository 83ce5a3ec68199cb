using System.CommandLine;
using Hognose.Diagnostics;
using Hognose.LayoutMaker;

var folder = new Option<string>("--layouts") { Description = "Folder of structs.jsonc and cpython-3.*.jsonc.", DefaultValueFactory = _ => "src/Hognose.CPython/Layouts" };
var sources = new Option<string>("--sources") { Description = "Which build serves which version.", DefaultValueFactory = _ => "tools/Hognose.LayoutMaker/sources.jsonc" };
var only = new Option<string[]>("--only") { Description = "Versions to make again; all others keep their table." };
var check = new Option<bool>("--check") { Description = "Write nothing; exit status 1 when a file would change." };
var root = new RootCommand("Makes Hognose's tables of CPython's struct layouts from debug information.") { folder, sources, only, check };
root.SetAction(result =>
{
    var maker = new TableMaker(result.GetRequiredValue(folder), Source.Load(result.GetRequiredValue(sources)), Console.Out);
    return maker.Run((result.GetValue(only) ?? []).ToHashSet(StringComparer.Ordinal), result.GetValue(check)) ? 0 : 1;
});
try
{
    return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (CannotContinueException problem)
{
    Console.Error.WriteLine($"layout maker: {problem.Message}: {problem.Remedy}");
    return problem.ExitStatus;
}
