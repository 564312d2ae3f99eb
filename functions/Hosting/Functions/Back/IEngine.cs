using PracticPro.Durable;
using PracticPro.Hosting.Functions.Payloads;

namespace PracticPro.Hosting.Functions.Back;

/// <summary>Which engine runs the workflows, as the functions that carry orders to it see it.</summary>
internal interface IEngine
{
    /// <summary>The hub, for a call that came with this durable client.</summary>
    /// <exception cref="PayloadUnreadableException">The client does not say where the hub is.</exception>
    IHub HubOf(PayloadValue client);
}
