using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Gmail;

/// <summary>An address the owner may write from once its own owner confirmed it.</summary>
internal sealed record SendAsAlias(string Address, string DisplayName, bool IsVerified);

/// <summary>users.settings.sendAs.list: the account's own address, which needs no verifying, then the aliases.</summary>
internal static class SendAsMethods
{
    public static GmailAnswer List(GmailCall call)
    {
        var primary = new JsonObject
        {
            ["sendAsEmail"] = call.Mailbox.Address,
            ["displayName"] = "",
            ["replyToAddress"] = "",
            ["signature"] = "<div>Kind regards</div>",
            ["isPrimary"] = true,
            ["isDefault"] = true,
        };
        IEnumerable<JsonNode> aliases = call.Mailbox.Aliases.Values.Select(alias => new JsonObject
        {
            ["sendAsEmail"] = alias.Address,
            ["displayName"] = alias.DisplayName,
            ["replyToAddress"] = "",
            ["signature"] = "",
            ["treatAsAlias"] = true,
            ["verificationStatus"] = alias.IsVerified ? "accepted" : "pending",
        });
        return new JsonObject { ["sendAs"] = new JsonArray([primary, .. aliases]) };
    }
}
