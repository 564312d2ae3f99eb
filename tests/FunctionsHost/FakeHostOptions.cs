using PracticPro.FunctionsHost.App;
using PracticPro.FunctionsHost.Durable;
using PracticPro.FunctionsHost.Faults;
using PracticPro.FunctionsHost.Handler;

namespace PracticPro.FunctionsHost;

/// <summary>How a host is started.</summary>
internal sealed record FakeHostOptions
{
    /// <summary>From <see cref="AppFolder.Read"/>, or declared in code by <see cref="AppFolder.Of"/>.</summary>
    public required AppFolder App { get; init; }

    /// <summary>A handler that listens already. Null: the app's own process is started.</summary>
    public IHandler? Handler { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Null for an empty one. Give the same to the next host, and it goes on.</summary>
    public FakeStorage? Storage { get; init; }

    public FaultPlan Faults { get; init; } = new();

    public ExtensionVersion Extension { get; init; } = ExtensionVersion.Three;

    /// <summary>Ask every turn twice and demand the same bytes.</summary>
    public bool RepeatsTurns { get; init; } = true;

    /// <summary>The port of the HTTP endpoint; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Null takes what host.json says.</summary>
    public HttpMode? Mode { get; init; }

    /// <summary>Null takes what host.json says.</summary>
    public TimeSpan? FunctionTimeout { get; init; }

    public int Seed { get; init; } = 1;

    /// <summary>App settings: environment of the handler, and what stands in percent signs.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    public TextWriter? Log { get; init; }

    /// <summary>Told about each start of the handler.</summary>
    public Action<string>? Announce { get; init; }
}
