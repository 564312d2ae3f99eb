using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace PracticPro.Sync.Streams;

/// <summary>What is asked of a provider in one step.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Begin), "begin")]
[JsonDerivedType(typeof(Read), "read")]
[JsonDerivedType(typeof(Follow), "follow")]
[JsonDerivedType(typeof(Ask), "ask")]
internal abstract record StreamRequest
{
    private StreamRequest()
    {
    }

    /// <summary>
    /// The point from which changes will be followed, asked for before anything is read, so that nothing falls between. A
    /// provider whose complete reading itself ends with such a point answers without one.
    /// </summary>
    public sealed record Begin : StreamRequest;

    /// <summary>One page of a complete reading.</summary>
    /// <param name="Point">What <see cref="Begin"/> gave.</param>
    /// <param name="Page">Where the reading goes on; null at its start.</param>
    public sealed record Read(string? Point, string? Page) : StreamRequest;

    /// <summary>One page of what changed since a point.</summary>
    public sealed record Follow(string Point, string? Page) : StreamRequest;

    /// <summary>What became of items that a complete reading did not show: each is asked for by itself.</summary>
    public sealed record Ask(ImmutableArray<string> Items) : StreamRequest;
}
