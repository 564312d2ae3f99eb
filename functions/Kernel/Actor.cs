using System.Text.Json.Serialization;

namespace PracticPro.Kernel;

/// <summary>
/// Who does a thing: a person, or a named job of the program itself. Never null, never "system" without a name.
/// Holds ids only, so it may stand in an audit leaf and in a workflow's history.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Person), "person")]
[JsonDerivedType(typeof(Job), "job")]
internal abstract record Actor
{
    private Actor()
    {
    }

    /// <summary>The actor as one word for leaves and logs: <c>person-…</c> or <c>job:name</c>.</summary>
    [JsonIgnore]
    public abstract string Label { get; }

    public sealed record Person(PersonId Id) : Actor
    {
        public override string Label => Id.Text;
    }

    /// <param name="Name">Lower-case words with hyphens, such as <c>mail-sync</c>.</param>
    public sealed record Job(string Name) : Actor
    {
        public override string Label => $"job:{Name}";
    }
}
