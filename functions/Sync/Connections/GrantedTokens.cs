using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using PracticPro.Kernel;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Connections;

/// <summary>
/// What is known of the tokens of one connection without holding them. Written anew with every grant: its version is what
/// tells one grant from the next.
/// </summary>
/// <param name="AccessExpiresAt">When the provider stops taking the access token.</param>
internal sealed record GrantedTokens(ConnectionId Connection, DateTimeOffset AccessExpiresAt)
{
    /// <summary>Both tokens, if the record is of schema 1, which held them. Never written.</summary>
    [JsonIgnore]
    public EarlierTokens? Earlier { get; private init; }

    public static GrantedTokens FromSchema1(JsonElement json)
    {
        var held = json.Deserialize<Schema1>(JsonShapes.Stored)!;
        return new GrantedTokens(held.Connection, held.AccessExpiresAt)
        {
            Earlier = new EarlierTokens(Encoding.ASCII.GetBytes(held.AccessToken), Encoding.ASCII.GetBytes(held.RefreshToken)),
        };
    }

    private sealed record Schema1(
        ConnectionId Connection, string RefreshToken, string AccessToken, DateTimeOffset AccessExpiresAt)
    {
        public override string ToString() => "***";
    }
}

/// <summary>Tokens as they lay in one record. Never printed.</summary>
[JsonConverter(typeof(NeverJson<EarlierTokens>))]
internal sealed record EarlierTokens(byte[] Access, byte[] Refresh)
{
    public override string ToString() => "***";
}

/// <summary>
/// One token of one connection, as it is sealed under the tenant's <c>tokens</c> key (CON-2). Which of the two it is says
/// the kind of its document, whose it is the id; both are authenticated. Never printed.
/// </summary>
internal sealed record HeldToken(ConnectionId Connection, byte[] Token)
{
    public override string ToString() => "***";
}
