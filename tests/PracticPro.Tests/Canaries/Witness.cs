using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Tests.Canaries;

/// <summary>
/// Inside a real server, put there by the runtime's startup hook: writes down all that an operator could ever be shown of it
/// (every log line of every category with its scopes and exceptions, every activity, every metric's tags, every exception that
/// is thrown), and does what it is told over a socket. The server is the program as it is built; nothing of it knows.
/// </summary>
internal sealed class Witness
{
    public const string FolderSetting = "CANARY_WITNESS";

    private static readonly Lock Gate = new();
    private static readonly HashSet<string> Metrics = [];
    private static string folder = "";
    private static IServiceProvider? services;

    [ThreadStatic]
    private static bool isWriting;

    public static void Begin()
    {
#pragma warning disable RS0030 // A hook has no configuration.
        folder = Environment.GetEnvironmentVariable(FolderSetting) ?? throw new InvalidOperationException("No folder to write to.");
#pragma warning restore RS0030
        AppDomain.CurrentDomain.FirstChanceException += (_, thrown) => Write("exceptions", thrown.Exception.ToString());
        ActivitySource.AddActivityListener(new ActivityListener
        {
            ShouldListenTo = static _ => true,
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = static activity => Write("activities", Text(activity)),
        });
        var meters = new MeterListener { InstrumentPublished = static (instrument, listener) => listener.EnableMeasurementEvents(instrument) };
        meters.SetMeasurementEventCallback<long>(Measured);
        meters.SetMeasurementEventCallback<int>(Measured);
        meters.SetMeasurementEventCallback<double>(Measured);
        meters.Start();
        DiagnosticListener.AllListeners.Subscribe(new Seen<DiagnosticListener>(listener =>
        {
            if (listener.Name == "Microsoft.Extensions.Hosting")
            {
                listener.Subscribe(new Seen<KeyValuePair<string, object?>>(said => Built(said.Key, said.Value)));
            }
        }));
        new Thread(Listen) { IsBackground = true }.Start();
    }

    private static void Built(string what, object? host)
    {
        if (what == "HostBuilt" && host is IHost built)
        {
            services = built.Services;
            services.GetRequiredService<ILoggerFactory>().AddProvider(new WitnessLog());
        }
    }

    private static void Measured<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        var text = $"{instrument.Meter.Name} {instrument.Name} {string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}";
        lock (Gate)
        {
            if (!Metrics.Add(text))
            {
                return;
            }
        }

        Write("metrics", text);
    }

    private static string Text(Activity activity) => string.Create(
        CultureInfo.InvariantCulture,
        $"{activity.Source.Name} {activity.OperationName} {activity.DisplayName} {activity.StatusDescription} {string.Join(' ', activity.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"))} {string.Join(' ', activity.Events.SelectMany(one => one.Tags).Select(tag => $"{tag.Key}={tag.Value}"))} {string.Join(' ', activity.Baggage.Select(tag => $"{tag.Key}={tag.Value}"))}");

    private static void Write(string file, string line)
    {
        // What writing throws is not written.
        if (isWriting)
        {
            return;
        }

        isWriting = true;
        try
        {
            lock (Gate)
            {
                File.AppendAllText(Path.Combine(folder, file), line + "\n");
            }
        }
        finally
        {
            isWriting = false;
        }
    }

    private static void Listen()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder, "w")));
        socket.Listen();
        var word = new byte[64];
        while (true)
        {
            using var caller = socket.Accept();
            var count = caller.Receive(word);
            Obey(System.Text.Encoding.ASCII.GetString(word, 0, count)).GetAwaiter().GetResult();
            caller.Send("done"u8);
        }
    }

    private static async Task Obey(string word)
    {
        switch (word)
        {
            case "revoke":
                await foreach (var tenant in services!.GetRequiredService<IFleet>().TenantsAsync(CancellationToken.None))
                {
                    services!.GetRequiredService<KeyRing>().Revoke(tenant);
                }

                break;
            case "collect":
                for (var round = 0; round < 3; round++)
                {
                    GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                    GC.WaitForPendingFinalizers();
                }

                break;
            case "fail-fast":
                Environment.FailFast("A crash on purpose.");
                break;
            case "throw":
                new Thread(static () => throw new InvalidOperationException("A crash on purpose.")).Start();
                break;
            default:
                throw new NotSupportedException();
        }
    }

    /// <summary>Everything at every level. Its alias lets a setting open every category to it and to nobody else.</summary>
    [ProviderAlias("Witness")]
    private sealed class WitnessLog : ILoggerProvider, ISupportExternalScope
    {
        private IExternalScopeProvider scopes = new LoggerExternalScopeProvider();

        public ILogger CreateLogger(string categoryName) => new Line(this, categoryName);

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

        public void Dispose()
        {
        }

        private sealed class Line(WitnessLog log, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => log.scopes.Push(state);

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                List<string> around = [];
                log.scopes.ForEachScope((scope, list) => list.Add(Flat(scope)), around);
                Write(
                    category.StartsWith("PracticPro", StringComparison.Ordinal) ? "log" : "log-framework",
                    $"{category} {logLevel} {eventId.Id} {formatter(state, exception)} {Flat(state)} {string.Join(' ', around)} {exception}");
            }

            private static string Flat(object? state) => state is IEnumerable<KeyValuePair<string, object?>> pairs
                ? string.Join(' ', pairs.Select(pair => $"{pair.Key}={pair.Value}"))
                : $"{state}";
        }
    }

    private sealed class Seen<T>(Action<T> see) : IObserver<T>
    {
        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void OnNext(T value) => see(value);
    }
}
