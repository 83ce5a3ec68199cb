using Hognose.Formats.Ring;
using Hognose.Recording.Ring;

namespace Hognose.Recording.Summary;

/// <summary>Why a recording is not whole, as a clause; empty when it is.</summary>
internal static class StopText
{
    public static string Of(RingFacts facts) => facts.StopReason switch
    {
        AgentStopReason.NoConsumer => "hognose did not follow in time",
        AgentStopReason.LayoutRefused => "this Python is not supported",
        AgentStopReason.OutOfMemory => "there was no memory for the recording in the program",
        AgentStopReason.NodesFull or AgentStopReason.CodesFull => "there was no more room for stacks",
        AgentStopReason.NotCPython => "this is not CPython",
        AgentStopReason.OtherHooks => "another allocator stands in front of an earlier recording's hooks, which record in another way (--sample)",
        AgentStopReason.Detached => "recording was stopped",
        _ => facts.State switch
        {
            AgentState.Absent => "no Python with the agent inside was started",
            AgentState.Hello => "the program ended before Python started",
            _ => "",
        },
    };
}
