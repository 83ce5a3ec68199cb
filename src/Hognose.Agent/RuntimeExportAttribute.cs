namespace System.Runtime;

/// <summary>
/// ILC recognises this attribute by its full name and emits the method as a plain symbol with the C calling convention, without the
/// reverse-P/Invoke prologue that would start the .NET runtime (ILCompiler: <c>RuntimeExportAttribute</c> in <c>UsageBasedMetadataManager</c>'s
/// library root provider). The guard test over the object's relocations notices when a later compiler stops doing so.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RuntimeExportAttribute(string entry) : Attribute
{
    public string EntryPoint => entry;
}
