using PracticPro.Durable;
using PracticPro.Hosting.Functions.Payloads;

namespace PracticPro.Hosting.Functions.Back;

/// <summary>An engine elsewhere, which is where the settings say. What the host says of its own engine is not asked.</summary>
internal sealed class ScheduledEngine(IHub hub) : IEngine
{
    public IHub HubOf(PayloadValue client) => hub;
}
