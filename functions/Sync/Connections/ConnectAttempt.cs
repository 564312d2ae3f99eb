using System.Text.Json;
using PracticPro.Kernel;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Connections;

/// <summary>A connect attempt between the two halves of the consent round trip. Used once, good for ten minutes.</summary>
/// <param name="StateHash">SHA-256 of the state the provider hands back; the state itself is known to the browser only.</param>
/// <param name="Verifier">The PKCE code verifier (RFC 7636).</param>
/// <param name="SessionHash">The session it was started in; it ends in the same one or not at all.</param>
/// <param name="Provider">With whom; the answer of another provider does not end it.</param>
/// <param name="Redirect">Where the browser was to come back to. Null in one that an earlier program began.</param>
internal sealed record ConnectAttempt(
    string StateHash,
    string Verifier,
    string SessionHash,
    PersonId StartedBy,
    DateTimeOffset ExpiresAt,
    Provider Provider,
    Uri? Redirect)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public static ConnectAttempt FromSchema1(JsonElement json)
    {
        var held = json.Deserialize<Schema1>(JsonShapes.Stored)!;
        return new ConnectAttempt(
            held.StateHash, held.Verifier, held.SessionHash, held.StartedBy, held.ExpiresAt, Provider.Parse("gmail"), null);
    }

    public override string ToString() => "***";

    private sealed record Schema1(
        string StateHash, string Verifier, string SessionHash, PersonId StartedBy, DateTimeOffset ExpiresAt)
    {
        public override string ToString() => "***";
    }
}
