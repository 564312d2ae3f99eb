namespace PracticPro.Hosting.Functions.Declarations;

/// <summary>
/// The app's <c>host.json</c>: <c>Hosting/Functions/README.md</c> says why each value is what it is. The file at the top
/// of the source tree is this very text.
/// </summary>
internal static class HostJson
{
    /// <summary>How long the host lets any function run before it kills the handler and all that is under way in it.</summary>
    public static readonly TimeSpan FunctionTimeout = TimeSpan.FromMinutes(10);

    public const string Text =
        """
        {
          "version": "2.0",
          "functionTimeout": "00:10:00",
          "logging": {
            "logLevel": {
              "default": "Information",
              "Host.Triggers.DurableTask": "Warning"
            },
            "applicationInsights": {
              "samplingSettings": { "isEnabled": true, "excludedTypes": "Request;Trace;Exception" }
            }
          },
          "extensionBundle": {
            "id": "Microsoft.Azure.Functions.ExtensionBundle",
            "version": "[4.36.0, 4.39.0)"
          },
          "extensions": {
            "http": { "routePrefix": "" },
            "queues": {
              "maxPollingInterval": "00:00:02",
              "visibilityTimeout": "00:00:10",
              "batchSize": 8,
              "newBatchThreshold": 4,
              "maxDequeueCount": 5,
              "messageEncoding": "base64"
            },
            "durableTask": {
              "hubName": "PracticPro",
              "storageProvider": { "type": "AzureStorage" },
              "maxConcurrentOrchestratorFunctions": 16,
              "maxConcurrentActivityFunctions": 32,
              "extendedSessionsEnabled": false,
              "overridableExistingInstanceStates": "NonRunningStates",
              "tracing": {
                "traceInputsAndOutputs": false,
                "traceReplayEvents": false
              }
            }
          },
          "customHandler": {
            "description": {
              "defaultExecutablePath": "PracticPro",
              "arguments": ["functions", "serve"]
            },
            "enableProxyingHttpRequest": true,
            "enableForwardingHttpRequest": true,
            "initializationTimeout": "00:01:00"
          }
        }

        """;
}
