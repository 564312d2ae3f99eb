using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Primitives;

namespace PracticPro.Sandbox.Gmail;

/// <summary>
/// One authorised request to one mailbox, as a method of the API sees it. The mailbox's lock is held meanwhile.
/// </summary>
internal sealed record GmailCall(
    Mailbox Mailbox, SendLedger Sends, IReadOnlySet<string> Scopes, HttpRequest Request, JsonObject Body)
{
    /// <summary>Where one restrictive scope is granted beside wider ones, the restriction wins.</summary>
    public bool MetadataOnly => Scopes.Contains(GmailScopes.Metadata);

    public string? Query(string name) => Request.Query[name].FirstOrDefault();

    public StringValues QueryAll(string name) => Request.Query[name];

    public string Route(string name) => (string)Request.RouteValues[name]!;

    public StoredMessage? Message => Mailbox.Find(MessageId.Parse(Route("id")));

    public bool Flag(string name) => string.Equals(Query(name), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// maxResults: 100 when absent, 500 at most; more is not an error. Null when it is no number above 0.
    /// </summary>
    public int? PageSize()
    {
        string? text = Query("maxResults");
        if (text is null)
        {
            return 100;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size > 0
            ? Math.Min(size, 500)
            : null;
    }
}
