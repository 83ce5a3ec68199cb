namespace Hognose.Targets.Attach;

/// <summary>What the agent is asked for.</summary>
public enum AgentWish
{
    Begin = 1,
    End = 2,
}
