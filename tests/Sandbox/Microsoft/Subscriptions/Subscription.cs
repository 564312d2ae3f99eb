using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PracticPro.Sandbox.Microsoft.Subscriptions;

/// <summary>What a subscription listens to: all mail, one folder's mail, or the calendar.</summary>
internal sealed partial record WatchedResource(string Kind, string? Folder)
{
    /// <summary>Null for a resource that cannot be watched here.</summary>
    public static WatchedResource? Parse(string? resource)
    {
        Match match = Form().Match(resource ?? "");
        return !match.Success ? null
            : match.Groups["events"].Success ? new WatchedResource("Event", null)
            : new WatchedResource("Message", match.Groups["folder"].Success ? match.Groups["folder"].Value : null);
    }

    [GeneratedRegex(@"^/?(me|users/[^/]+)/((?<events>events|calendar/events)|(mailFolders\('(?<folder>[^']+)'\)/"
        + @"|mailFolders/(?<folder>[^/]+)/)?messages)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}

/// <summary>One subscription to change notifications. Changed under the book's lock.</summary>
internal sealed class Subscription(string key, string app, OutlookAccount account, WatchedResource watched)
{
    public string Key => key;

    public string App => app;

    public OutlookAccount Account => account;

    public WatchedResource Watched => watched;

    public required string Resource { get; init; }

    public required IReadOnlySet<string> ChangeTypes { get; init; }

    public required Uri NotificationUrl { get; init; }

    public Uri? LifecycleUrl { get; init; }

    public string? ClientState { get; init; }

    public bool ImmutableIds { get; init; }

    public bool HasResourceData { get; init; }

    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>While true nothing is notified.</summary>
    public bool NeedsReauthorization { get; set; }

    public bool Wants(ItemChange change, string? folder) =>
        watched.Kind == change.Kind && ChangeTypes.Contains(change.ChangeType)
        && (watched.Folder is null || change.Folder is null || change.Folder == folder);

    public JsonObject ToJson() => new()
    {
        ["id"] = key,
        ["resource"] = Resource,
        ["applicationId"] = app,
        ["creatorId"] = account.ObjectKey,
        ["changeType"] = string.Join(',', ChangeTypes),
        ["clientState"] = null,
        ["notificationUrl"] = NotificationUrl.ToString(),
        ["lifecycleNotificationUrl"] = LifecycleUrl?.ToString(),
        ["expirationDateTime"] = Time(ExpiresAt),
        ["includeResourceData"] = HasResourceData,
        ["latestSupportedTlsVersion"] = "v1_2",
    };

    /// <summary>A change as it is told; the clientState is the only sign that the notice is genuine.</summary>
    public JsonObject Notice(ItemChange change)
    {
        string id = ImmutableIds ? change.Key.Immutable : change.Key.Rest;
        string path = $"Users/{account.ObjectKey}/{change.Kind}s/{id}";
        return new JsonObject
        {
            ["subscriptionId"] = key,
            ["subscriptionExpirationDateTime"] = Time(ExpiresAt),
            ["changeType"] = change.ChangeType,
            ["resource"] = path,
            ["resourceData"] = new JsonObject
            {
                ["@odata.type"] = $"#Microsoft.Graph.{change.Kind}",
                ["@odata.id"] = path,
                ["@odata.etag"] = change.ETag,
                ["id"] = id,
            },
            ["clientState"] = ClientState,
            ["tenantId"] = Names.Tenant,
        };
    }

    public JsonObject LifecycleNotice(string lifecycleEvent) => new()
    {
        ["subscriptionId"] = key,
        ["subscriptionExpirationDateTime"] = Time(ExpiresAt),
        ["tenantId"] = Names.Tenant,
        ["clientState"] = ClientState,
        ["lifecycleEvent"] = lifecycleEvent,
    };

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
}
