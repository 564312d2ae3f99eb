using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PracticPro.Sandbox.Gmail;

/// <summary>The calls on the mailbox as a whole: users.getProfile, watch, stop.</summary>
internal static partial class MailboxMethods
{
    private static readonly string[] Fields = ["topicName", "labelIds", "labelFilterBehavior", "labelFilterAction"];

    public static GmailAnswer GetProfile(GmailCall call) => new JsonObject
    {
        ["emailAddress"] = call.Mailbox.Address,
        ["messagesTotal"] = call.Mailbox.Count,
        ["threadsTotal"] = call.Mailbox.Threads.Count,
        ["historyId"] = call.Mailbox.History.Current.ToString(),
    };

    /// <summary>The same topic renews; another topic while one is active is refused.</summary>
    public static GmailAnswer Watch(GmailCall call)
    {
        if (JsonBody.Unknown(call.Body, Fields) is GmailError bad)
        {
            return bad;
        }

        string? topic = JsonBody.Text(call.Body, "topicName");
        if (topic is null || !TopicName().IsMatch(topic))
        {
            return GmailError.Invalid("Invalid topicName does not match projects/*/topics/*");
        }

        DateTimeOffset now = call.Mailbox.Clock.GetUtcNow();
        if (call.Mailbox.Watch is Watch active && active.ExpiresAt > now && active.Topic != topic)
        {
            return GmailError.Invalid(
                "Only one user push notification client allowed per developer (call /stop then try again)");
        }

        IReadOnlyList<string> labels = JsonBody.Texts(call.Body, "labelIds");
        if (labels.FirstOrDefault(label => !call.Mailbox.KnowsLabel(label)) is string unknown)
        {
            return GmailError.Invalid($"Invalid label: {unknown}");
        }

        // labelFilterAction is the deprecated name and counts only where the new one is absent.
        string? behaviour = JsonBody.Text(call.Body, "labelFilterBehavior")
            ?? JsonBody.Text(call.Body, "labelFilterAction");
        bool excludes = string.Equals(behaviour, "exclude", StringComparison.OrdinalIgnoreCase);
        call.Mailbox.Watch = new Watch(topic, labels, excludes, now + Gmail.Watch.Life);
        return new JsonObject
        {
            ["historyId"] = call.Mailbox.History.Current.ToString(),
            ["expiration"] = (now + Gmail.Watch.Life).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
        };
    }

    public static GmailAnswer Stop(GmailCall call)
    {
        call.Mailbox.Watch = null;
        return GmailAnswer.Nothing;
    }

    [GeneratedRegex("^projects/[^/]+/topics/[^/]+$")]
    private static partial Regex TopicName();
}
