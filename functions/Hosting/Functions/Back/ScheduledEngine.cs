using PracticPro.Durable;
using PracticPro.Hosting.Functions.Payloads;

namespace PracticPro.Hosting.Functions.Back;

/// <summary>An engine elsewhere, at an address from the settings: what the host says of its own is not asked.</summary>
internal sealed class ScheduledEngine(IHub hub) : IEngine
{
    public IHub HubOf(PayloadValue client) => hub;
}
