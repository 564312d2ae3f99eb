using System.Text.Json.Serialization;

namespace PracticPro.Kernel;

/// <summary>A person with an account in one tenant. Says nothing of who they are.</summary>
[JsonConverter(typeof(IdJsonConverter<PersonId>))]
internal readonly record struct PersonId : IId<PersonId>
{
    private const string Prefix = "person";
    private readonly string? text;

    private PersonId(string text) => this.text = text;

    public string Text => text ?? throw new InvalidOperationException("No person.");

    public static PersonId New(TimeProvider time) => new(IdText.New(Prefix, time));

    public static PersonId Parse(string text) => TryParse(text, out var id) ? id : throw IdText.Malformed(Prefix);

    public static bool TryParse(string? text, out PersonId id)
    {
        id = IdText.IsValid(Prefix, text) ? new PersonId(text) : default;
        return id.text is not null;
    }

    public override string ToString() => Text;
}
