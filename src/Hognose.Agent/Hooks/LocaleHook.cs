using System.Runtime;

namespace Hognose.Agent.Hooks;

/// <summary>
/// <c>setlocale</c> as the program calls it: the one exported function of libc that CPython is sure to call between replacing the allocators
/// and using them. It goes on to the real one, whatever process this is.
/// </summary>
internal static unsafe class LocaleHook
{
    private const nint NextObject = -1;

    [RuntimeExport("setlocale")]
    public static byte* SetLocale(int category, byte* locale)
    {
        var agent = Agent.State;
        if (agent->Mode == AgentMode.Recording)
            HookInstaller.InstallAgainIfReplaced(agent);
        if (agent->NextSetLocale == null)
            agent->NextSetLocale = (delegate* unmanaged[SuppressGCTransition]<int, byte*, byte*>)Libc.dlsym((void*)NextObject, Text.C("setlocale"u8));
        return agent->NextSetLocale(category, locale);
    }
}
