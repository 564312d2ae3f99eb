using System.Globalization;
using System.Text.Json.Nodes;

namespace PracticPro.FunctionsHost.App;

/// <summary>What the host takes from host.json. Names it does not know are passed over, as the real one does.</summary>
internal sealed record HostSettings
{
    public string? Executable { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    public string? WorkingDirectory { get; init; }

    public HttpMode Mode { get; init; } = HttpMode.Payload;

    public TimeSpan InitializationTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a function may take; without it, for ever.</summary>
    public TimeSpan? FunctionTimeout { get; init; }

    public string RoutePrefix { get; init; } = "api";

    public string HubName { get; init; } = "TestHubName";

    /// <summary>A new start may take the place of any instance, not only of one that no longer runs.</summary>
    public bool AnyStateIsOverridable { get; init; }

    /// <summary>Raising to nobody is an error; the storage back end says so unless it is told otherwise.</summary>
    public bool RaiseEventSpeaksUp { get; init; } = true;

    /// <summary>Turns at a time; the default is that of two cores.</summary>
    public int MostOrchestrations { get; init; } = 20;

    /// <summary>Activities at a time.</summary>
    public int MostActivities { get; init; } = 20;

    public int MaxDequeueCount { get; init; } = 5;

    /// <summary>How long a message that failed stays hidden.</summary>
    public TimeSpan QueueRetryDelay { get; init; } = TimeSpan.Zero;

    public int QueueBatchSize { get; init; } = 16;

    public bool QueueTextIsBase64 { get; init; } = true;

    public static HostSettings Read(JsonObject file)
    {
        var handler = file["customHandler"] as JsonObject ?? [];
        var description = handler["description"] as JsonObject ?? [];
        var extensions = file["extensions"] as JsonObject ?? [];
        var durable = extensions["durableTask"] as JsonObject ?? [];
        var queues = extensions["queues"] as JsonObject ?? [];
        return new HostSettings
        {
            Executable = Text(description, "defaultExecutablePath"),
            Arguments = description["arguments"] is JsonArray all ? [.. all.Select(one => one!.GetValue<string>())] : [],
            WorkingDirectory = Text(description, "workingDirectory"),
            Mode = Flag(handler, "enableProxyingHttpRequest") ? HttpMode.Proxy
                : Flag(handler, "enableForwardingHttpRequest") ? HttpMode.Forward
                : HttpMode.Payload,
            InitializationTimeout = Span(handler, "initializationTimeout") ?? TimeSpan.FromSeconds(30),
            FunctionTimeout = Span(file, "functionTimeout"),
            RoutePrefix = Text(extensions["http"] as JsonObject ?? [], "routePrefix") ?? "api",
            HubName = Text(durable, "hubName") ?? "TestHubName",
            AnyStateIsOverridable = Text(durable, "overridableExistingInstanceStates") == "AnyState",
            RaiseEventSpeaksUp = durable["throwStatusExceptionsOnRaiseEvent"] is null
                || Flag(durable, "throwStatusExceptionsOnRaiseEvent"),
            MostOrchestrations = Number(durable, "maxConcurrentOrchestratorFunctions") ?? 20,
            MostActivities = Number(durable, "maxConcurrentActivityFunctions") ?? 20,
            MaxDequeueCount = Number(queues, "maxDequeueCount") ?? 5,
            QueueRetryDelay = Span(queues, "visibilityTimeout") ?? TimeSpan.Zero,
            QueueBatchSize = Number(queues, "batchSize") ?? 16,
            QueueTextIsBase64 = !string.Equals(Text(queues, "messageEncoding"), "none", StringComparison.OrdinalIgnoreCase),
        };
    }

    private static string? Text(JsonObject from, string name) => from[name]?.GetValue<string>();

    private static bool Flag(JsonObject from, string name) => from[name]?.GetValue<bool>() ?? false;

    private static int? Number(JsonObject from, string name) => from[name]?.GetValue<int>();

    private static TimeSpan? Span(JsonObject from, string name) =>
        Text(from, name) is { } text && text != "-1" ? TimeSpan.Parse(text, CultureInfo.InvariantCulture) : null;
}

/// <summary>How functions that are HTTP in and out get their request.</summary>
internal enum HttpMode
{
    /// <summary>As a JSON payload, like every other function.</summary>
    Payload,

    /// <summary>As a copy of the request, buffered.</summary>
    Forward,

    /// <summary>As the request itself, streamed both ways.</summary>
    Proxy,
}
