using PracticPro.Hosting.Functions.Declarations;
using PracticPro.Hosting.Functions.Payloads;

namespace PracticPro.Hosting.Functions.Front;

/// <summary>
/// Notes what the host's calls look like, values taken out (<see cref="PayloadShape"/>), for <c>scripts/canary</c> to
/// compare with what this program was tested with. Each line once a process, in the log or in a file for each kind; the
/// lines of all processes together are what is compared. Off unless a setting says otherwise, since each call is then held
/// in memory twice.
/// </summary>
internal sealed partial class ShapeRecorder(FunctionsOptions options, ILogger<ShapeRecorder> log)
{
    /// <summary>Of the headers of a request from outside: what the platform adds. Others are its caller's own.</summary>
    private static readonly string[] HeadersOfHttp =
    [
        "X-Azure-Functions-InvocationId", "X-Azure-Functions-HostVersion", "x-ms-invocation-id", "X-Forwarded-For", "X-Forwarded-Host",
        "X-Forwarded-Proto", "X-Original-URL", "X-ARR-LOG-ID", "X-ARR-SSL", "X-Azure-FDID", "CLIENT-IP", "DISGUISED-HOST", "traceparent",
    ];

    private const string Http = "http";
    private const string DurableClient = "durable-client";
    private const string ClientPath = "Data.{client}";
    private const int CallsOfAKind = 200;

    private readonly Lock turn = new();
    private readonly Dictionary<string, Seen> kinds = new(StringComparer.Ordinal);

    /// <summary>Notes a call. Its body is read here and given back to be read again.</summary>
    public async Task NoteAsync(HttpContext context, FunctionDeclaration function)
    {
        var kind = PayloadShape.KindOf(function);
        if (!options.RecordsShapes || !IsWanted(kind))
        {
            return;
        }

        byte[] bytes;
        using (var body = await PayloadBody.ReadAsync(context.Request.Body, options.LargestPayload, context.RequestAborted))
        {
            bytes = body.Utf8.ToArray();
        }

        context.Request.Body = new MemoryStream(bytes);
        var lines = PayloadShape.Of(bytes, function).ToLookup(line => line.StartsWith(ClientPath, StringComparison.Ordinal));
        Keep(kind, [.. Headers(context.Request, context.Request.Headers.Keys), .. lines[false]]);
        Keep(DurableClient, [.. lines[true]]);
    }

    /// <summary>Notes a request that the host hands on: what the platform added to it, and nothing of the caller's.</summary>
    public void NoteHttp(HttpRequest request)
    {
        if (options.RecordsShapes && IsWanted(Http))
        {
            Keep(Http, [.. Headers(request, HeadersOfHttp)]);
        }
    }

    private static IEnumerable<string> Headers(HttpRequest request, IEnumerable<string> names) =>
        names.Where(request.Headers.ContainsKey).Select(name => $"header {PayloadShape.Shown(name)}");

    private bool IsWanted(string kind)
    {
        lock (turn)
        {
            if (!kinds.TryGetValue(kind, out var seen))
            {
                kinds[kind] = seen = new Seen();
            }

            return seen.Calls++ < CallsOfAKind;
        }
    }

    private void Keep(string kind, IReadOnlyList<string> lines)
    {
        lock (turn)
        {
            if (!kinds.TryGetValue(kind, out var seen))
            {
                kinds[kind] = seen = new Seen();
            }

            List<string> fresh = [.. lines.Where(seen.Lines.Add)];
            if (fresh.Count == 0)
            {
                return;
            }

            if (options.ShapesFolder is { } folder)
            {
                Directory.CreateDirectory(folder);
                File.WriteAllLines(Path.Combine(folder, $"{kind}.shape"), seen.Lines);
                return;
            }

            foreach (var line in fresh)
            {
                LogLine(log, kind, line);
            }
        }
    }

    [LoggerMessage(935, LogLevel.Information, "Shape of {Kind}: {Line}")]
    private static partial void LogLine(ILogger log, string kind, string line);

    private sealed class Seen
    {
        public SortedSet<string> Lines { get; } = new(StringComparer.Ordinal);

        public int Calls { get; set; }
    }
}
