namespace Hognose.Agent.Sampling;

/// <summary>What C code's hooks ask when only samples are told. Mappings are few and large: each is told.</summary>
internal static unsafe class SampledNative
{
    /// <summary>True: the allocation is to be told.</summary>
    public static bool IsTold(AgentData* agent, byte* block, nuint size, void* stack)
    {
        if (agent->Sampling.IsOn == 0)
            return true;
        var left = SamplingData.StripeOf(agent, stack);
        return SampledBlocks.IsSample(agent, left, size) && SampledBlocks.Begin(agent, left, block, stack);
    }

    /// <summary>True: the free is to be told.</summary>
    public static bool IsToldFree(AgentData* agent, byte* block, void* stack) =>
        agent->Sampling.IsOn == 0 || (!SampledHook.IsUnknown(agent, block) && SampledBlocks.Remove(agent, block, stack));
}
