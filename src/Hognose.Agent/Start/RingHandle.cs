namespace Hognose.Agent.Start;

/// <summary>HOGNOSE_RING=&lt;descriptor of the region&gt;:&lt;descriptor of this library&gt;:&lt;nonce&gt;, all decimal.</summary>
internal unsafe struct RingHandle
{
    public int Region;
    public int Library;
    public ulong Nonce;

    public static RingHandle Parse(byte* text)
    {
        RingHandle handle;
        handle.Region = (int)Libc.strtoul(text, &text, 10);
        handle.Library = (int)Libc.strtoul(text + 1, &text, 10);
        handle.Nonce = Libc.strtoul(text + 1, &text, 10);
        return handle;
    }
}
