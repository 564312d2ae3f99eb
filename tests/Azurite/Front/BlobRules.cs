using System.Text.Json.Serialization;

namespace PracticPro.Azurite.Front;

/// <summary>What holds one blob in its place.</summary>
/// <param name="Until">End of its policy, whole seconds; null without one.</param>
/// <param name="Locked">The policy can be made longer, and neither shorter nor taken away.</param>
/// <param name="Held">On legal hold.</param>
internal sealed record BlobRules(DateTimeOffset? Until, bool Locked, bool Held)
{
    public static readonly BlobRules None = new(null, false, false);

    [JsonIgnore]
    public bool IsNone => this == None;

    /// <summary>Whether it may not be deleted.</summary>
    public bool Keeps(DateTimeOffset now) => Held || Until > now;
}
