using System.Runtime.CompilerServices;

// As in Hognose.Agent: no stub, no call that would start the .NET runtime in somebody's process.
[assembly: DisableRuntimeMarshalling]
[module: SkipLocalsInit]

[assembly: InternalsVisibleTo("Hognose.Package.Tests")]
