using Hognose.CPython.Layouts;
using Hognose.CPython.Layouts.Validation;
using Hognose.CPython.Runtime;
using Hognose.CPython.Versions;
using Hognose.Diagnostics;
using Hognose.Targets.Copying;
using Hognose.Targets.Processes;
using Hognose.Testing;

namespace Hognose.CPython.Tests.Layouts;

public sealed class RealLayoutTests
{
    private const string BasicSizes = """
        import sys, gc, types, weakref, collections, functools, itertools, array, datetime, io, asyncio
        gc.collect() # datetime.py leaves its own classes behind when the C module replaces them
        def all_types(t, seen):
            for s in type.__subclasses__(t):
                if s not in seen:
                    seen.add(s); all_types(s, seen)
            return seen
        for t in all_types(object, {object}):
            if t.__flags__ & (1 << 9) and not t.__module__.startswith('_') and t.__module__ not in ('collections', 'functools', 'array', 'datetime'): continue
            name = t.__name__ if t.__module__ == 'builtins' else t.__module__ + '.' + t.__name__
            print(name, t.__basicsize__)
        print('ready'); sys.stdout.flush(); sys.stdin.readline()
        """;

    [Theory, ClassData(typeof(AllInterpreters))]
    public void Every_built_in_type_is_as_large_as_its_table_says(string minor)
    {
        using var program = TargetProgram.StartText(Interpreters.Find(minor), BasicSizes);
        var layout = Resolve(program, out _).Layout;

        var wrong = new List<string>();
        var compared = 0;
        foreach (var line in program.Truth.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ');
            if (words.Length != 2 || !TypeSizes.TryExpect(layout, words[0], out var expected))
                continue;
            compared++;
            if (words[1] != $"{expected}")
                wrong.Add($"{words[0]}: {words[1]} there, {expected} in the table");
        }
        Assert.Empty(wrong);
        Assert.True(compared > 45, $"only {compared} types were compared");
    }

    [Theory, ClassData(typeof(AllInterpreters))]
    public void The_layout_of_every_interpreter_validates_without_a_warning(string minor)
    {
        var python = Interpreters.Find(minor);
        using var program = TargetProgram.StartText(python, BasicSizes);
        var runtime = Resolve(program, out var diagnostics);

        Assert.DoesNotContain(diagnostics.Kept, each => each.Id == LayoutResolver.TargetWins);
        Assert.Equal(HasTable(runtime.Build.Version) ? 0 : 1, diagnostics.Total);
    }

    [Theory, ClassData(typeof(AllInterpreters))]
    public void A_micro_release_without_a_table_gets_one_that_fits(string minor)
    {
        using var program = TargetProgram.StartText(Interpreters.Find(minor), BasicSizes);
        var process = TargetProcess.Open(program.Pid);
        var build = PythonRuntimeFinder.Find(process, Limits.Default);
        var unknown = build with { Version = new PythonVersion(build.Version.Major, build.Version.Minor, build.Version.Micro + 1) };
        Assert.SkipWhen(HasTable(unknown.Version), "the next micro release has a table too");
        var diagnostics = new DiagnosticBag();

        var runtime = LayoutResolver.Resolve(process.Memory, unknown, Limits.Default, diagnostics);

        var notice = Assert.Single(diagnostics.Kept, each => each.Id == LayoutResolver.OtherTable).Message;
        Assert.StartsWith($"no layout table for Python {unknown.Version}: {runtime.Layout.Version}'s is used, checked against the target", notice, StringComparison.Ordinal);
    }

    private const string Busy = """
        import sys, threading
        class Node:
            pass
        def work():
            while True:
                kept = []
                for i in range(1000):
                    node = Node(); node.next = kept[-1] if kept else None; kept.append(node); kept.append([i]); kept.append({'i': i})
        for _ in range(3): threading.Thread(target=work, daemon=True).start()
        print('ready'); sys.stdout.flush(); sys.stdin.readline()
        """;

    /// <summary>Stopped between the writes that track an object, or in a collection, a sound program must not be refused.</summary>
    [Theory, InlineData("3.8"), InlineData("3.12"), InlineData("3.14")]
    public void A_program_stopped_at_any_moment_validates(string minor)
    {
        const int stops = 25;
        using var program = TargetProgram.StartText(Interpreters.Find(minor), Busy);
        var process = TargetProcess.Open(program.Pid);
        var build = PythonRuntimeFinder.Find(process, Limits.Default);
        for (var i = 0; i < stops; i++)
        {
            using var copy = MemoryCopier.Copy(process, new CopyOptions(), TestContext.Current.CancellationToken);
            Assert.Equal(build.Version, LayoutResolver.Resolve(copy.Memory, build, Limits.Default, new DiagnosticBag()).Layout.Version);
        }
    }

    private static bool HasTable(PythonVersion version) => CPythonLayout.All.Any(layout => layout.Version == version);

    private static PythonRuntime Resolve(TargetProgram program, out DiagnosticBag diagnostics)
    {
        var process = TargetProcess.Open(program.Pid);
        diagnostics = new DiagnosticBag();
        return LayoutResolver.Resolve(process.Memory, PythonRuntimeFinder.Find(process, Limits.Default), Limits.Default, diagnostics);
    }
}
