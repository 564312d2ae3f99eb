using System.Globalization;
using System.Text.Json.Nodes;
using PracticPro.Sandbox.Microsoft.Graph;
using PracticPro.Sandbox.Microsoft.Identity;

namespace PracticPro.Sandbox.Microsoft.Subscriptions;

/// <summary>
/// subscriptions: create, read, renew, reauthorize, delete. A subscription belongs to the app and the account that made
/// it; nobody else sees it. None of these holds the account's lock: creating one asks the addresses first.
/// </summary>
internal static class SubscriptionMethods
{
    private const int LongestMinutes = 10_080;
    private const int LongestRichMinutes = 1_440;
    private const int ShortestMinutes = 45;
    private const int LongestClientState = 128;

    private static readonly string[] KnownChanges = ["created", "updated", "deleted"];

    public static Task<GraphAnswer> List(GraphCall call)
    {
        JsonNode[] mine = [.. Mine(call).Select(one => (JsonNode)one.ToJson())];
        return Task.FromResult<GraphAnswer>(new JsonObject { ["value"] = new JsonArray(mine) });
    }

    public static Task<GraphAnswer> Get(GraphCall call) => Task.FromResult<GraphAnswer>(
        Asked(call) is Subscription found ? found.ToJson() : GraphError.NoSuchSubscription());

    public static async Task<GraphAnswer> Create(GraphCall call)
    {
        (Subscription? wanted, GraphError? problem) = Read(call);
        if (wanted is null)
        {
            return problem!;
        }

        foreach (Uri url in new[] { wanted.NotificationUrl, wanted.LifecycleUrl }.OfType<Uri>())
        {
            if (await call.World.Courier.ValidateAsync(url, wanted.Key) is string refused)
            {
                return new GraphError(400, "ValidationError", $"Subscription validation request failed. {refused}");
            }
        }

        call.World.Subscriptions.Add(wanted);
        JsonObject json = wanted.ToJson();
        json["clientState"] = wanted.ClientState;
        return GraphAnswer.Created(json);
    }

    public static Task<GraphAnswer> Renew(GraphCall call)
    {
        if (Asked(call) is not Subscription found)
        {
            return Task.FromResult<GraphAnswer>(GraphError.NoSuchSubscription());
        }

        (DateTimeOffset? until, GraphError? problem) = Until(call, found.HasResourceData);
        if (until is not DateTimeOffset end)
        {
            return Task.FromResult<GraphAnswer>(problem!);
        }

        found.ExpiresAt = end;
        found.NeedsReauthorization = false;
        return Task.FromResult<GraphAnswer>(found.ToJson());
    }

    public static Task<GraphAnswer> Reauthorize(GraphCall call)
    {
        if (Asked(call) is not Subscription found)
        {
            return Task.FromResult<GraphAnswer>(GraphError.NoSuchSubscription());
        }

        found.NeedsReauthorization = false;
        return Task.FromResult(GraphAnswer.Nothing);
    }

    public static Task<GraphAnswer> Delete(GraphCall call) => Task.FromResult(
        Asked(call) is Subscription found && call.World.Subscriptions.Remove(found.Key)
            ? GraphAnswer.Nothing
            : GraphError.NoSuchSubscription());

    private static (Subscription? Wanted, GraphError? Problem) Read(GraphCall call)
    {
        string[] changes = [.. ((string?)call.Body["changeType"] ?? "").Split(',', StringSplitOptions.TrimEntries)];
        if (!changes.All(KnownChanges.Contains))
        {
            return (null, GraphError.InvalidRequest("changeType is not valid."));
        }

        if (WatchedResource.Parse((string?)call.Body["resource"]) is not WatchedResource watched
            || (watched.Folder is not null && call.Account.Mail.FindFolder(watched.Folder) is null))
        {
            return (null, GraphError.InvalidRequest("The resource is not valid."));
        }

        string[] opening = watched.Kind == "Event"
            ? [MicrosoftScopes.ReadCalendars, MicrosoftScopes.WriteCalendars]
            : [MicrosoftScopes.ReadMailBasic, MicrosoftScopes.ReadMail, MicrosoftScopes.WriteMail];
        if (!opening.Any(call.Access.Scopes.Contains))
        {
            return (null, GraphError.AccessDenied());
        }

        string? lifecycle = (string?)call.Body["lifecycleNotificationUrl"];
        if (Address((string?)call.Body["notificationUrl"]) is not Uri notificationUrl
            || (lifecycle is not null && Address(lifecycle) is null))
        {
            return (null, GraphError.InvalidRequest("The notification URL must be https."));
        }

        string? clientState = (string?)call.Body["clientState"];
        if (clientState?.Length > LongestClientState)
        {
            return (null, GraphError.InvalidRequest("clientState is longer than 128 characters."));
        }

        bool hasData = (bool?)call.Body["includeResourceData"] ?? false;
        if (hasData && (call.Body["encryptionCertificate"] is null || call.Body["encryptionCertificateId"] is null))
        {
            return (null, GraphError.InvalidRequest("An encryption certificate and its id are required."));
        }

        (DateTimeOffset? until, GraphError? problem) = Until(call, hasData);
        return until is DateTimeOffset end
            ? (new Subscription(NewKey(call), call.Access.Client.Key, call.Account, watched)
            {
                Resource = (string)call.Body["resource"]!,
                ChangeTypes = changes.ToHashSet(),
                NotificationUrl = notificationUrl,
                LifecycleUrl = lifecycle is null ? null : Address(lifecycle),
                ClientState = clientState,
                ImmutableIds = call.Prefers.ImmutableIds,
                HasResourceData = hasData,
                ExpiresAt = end,
            }, null)
            : (null, problem);
    }

    /// <summary>What is too short is made longer; what is too long is refused.</summary>
    private static (DateTimeOffset? Until, GraphError? Problem) Until(GraphCall call, bool hasData)
    {
        if (!DateTimeOffset.TryParse((string?)call.Body["expirationDateTime"], CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out DateTimeOffset until))
        {
            return (null, GraphError.InvalidRequest("expirationDateTime is required."));
        }

        int longest = hasData ? LongestRichMinutes : LongestMinutes;
        if (until > call.Now.AddMinutes(longest))
        {
            return (null, GraphError.InvalidRequest(
                $"Subscription expiration can only be {longest} minutes in the future."));
        }

        DateTimeOffset earliest = call.Now.AddMinutes(ShortestMinutes);
        return (until < earliest ? earliest : until, null);
    }

    /// <summary>The real service wants https; here it is loopback or nothing.</summary>
    private static Uri? Address(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.IsLoopback ? url : null;

    private static string NewKey(GraphCall call)
    {
        lock (call.Account.Gate)
        {
            return Names.GuidOf($"subscription {call.Account.Address} {call.Account.NextRevision()}");
        }
    }

    private static IEnumerable<Subscription> Mine(GraphCall call) => call.World.Subscriptions.All
        .Where(one => one.Account == call.Account && one.App == call.Access.Client.Key);

    private static Subscription? Asked(GraphCall call) =>
        Mine(call).FirstOrDefault(one => one.Key == call.Route("subscription"));
}
