using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using PracticPro.Sandbox.Faults;

namespace PracticPro.Sandbox.Gmail;

/// <summary>
/// Several calls in one request. Each is a request of its own: it is counted, charged, refused and struck by faults as if it
/// had come alone, in the name of the outer token unless it brings its own. The answers come in another order than the
/// calls, since Google promises none. A fault that cuts a call's connection cuts the batch's.
/// Source: Gmail API guide "Batching requests".
/// </summary>
internal static class BatchEndpoint
{
    private const int MostCalls = 100;

    private const string Boundary = "batch_f4cQkS7x9mNzTtG2Yq";

    private static readonly (GmailMethod Method, string[] Segments)[] Methods =
        [.. GmailMethods.All.Select(method => (method, (GmailEndpoints.Root + method.Path).Split('/')))];

    public static void MapGmailBatch(this IEndpointRouteBuilder routes, World world) =>
        routes.MapPost("/batch", context => Handle(world, context));

    private static async Task Handle(World world, HttpContext context)
    {
        if (await ReadParts(context) is not { Count: > 0 and <= MostCalls } parts)
        {
            GmailError error = GmailError.BadRequest("Failed to parse batch request.");
            await Answers.Json(error.ToJson(), error.Code).ExecuteAsync(context);
            return;
        }

        InnerCall[] calls = [.. parts.Select(part => new InnerCall(part, context))];
        await Task.WhenAll(calls.Select(call => Pass(world, call.Context)));
        if (Array.Exists(calls, call => call.IsCut))
        {
            context.Abort();
            return;
        }

        using var answer = new MemoryStream();
        foreach (InnerCall call in calls.Reverse())
        {
            call.WriteTo(answer);
        }

        answer.Write(Encoding.ASCII.GetBytes($"--{Boundary}--\r\n"));
        ReadOnlyMemory<byte> bytes = answer.GetBuffer().AsMemory(0, (int)answer.Length);
        context.Response.ContentType = $"multipart/mixed; boundary={Boundary}";
        context.Response.ContentLength = bytes.Length;
        bool isHalf = Array.Exists(calls, call => call.IsHalf);
        await context.Response.Body.WriteAsync(isHalf ? bytes[..(bytes.Length / 2)] : bytes, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static async Task<List<BatchPart>?> ReadParts(HttpContext context)
    {
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out MediaTypeHeaderValue? type)
            || !type.MediaType.Equals("multipart/mixed", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary).ToString() is not { Length: > 0 } boundary)
        {
            return null;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return BatchPart.ReadAll(body.GetBuffer().AsMemory(0, (int)body.Length), boundary);
    }

    /// <summary>As the host does with a request that comes alone: found, counted, struck or answered.</summary>
    private static Task Pass(World world, HttpContext context)
    {
        GmailMethod? method = Find(context.Request);
        string template = method is null ? "(no such path)" : GmailEndpoints.Root + method.Path;
        world.Statistics.CountRequest(context.Request.Method, template);
        return FaultActs.Pass(world, context, inner =>
        {
            inner.Response.StatusCode = StatusCodes.Status404NotFound;
            return method is null ? Task.CompletedTask : GmailEndpoints.Handle(world, method, inner);
        });
    }

    private static GmailMethod? Find(HttpRequest request)
    {
        string[] path = (request.Path.Value ?? "").Split('/');
        foreach ((GmailMethod method, string[] segments) in Methods)
        {
            if (method.Verb == request.Method && Matches(segments, path, request.RouteValues))
            {
                return method;
            }
        }

        return null;
    }

    private static bool Matches(string[] segments, string[] path, RouteValueDictionary values)
    {
        values.Clear();
        if (segments.Length != path.Length)
        {
            return false;
        }

        for (int at = 0; at < segments.Length; at++)
        {
            if (segments[at] is ['{', .. string name, '}'])
            {
                values[name] = path[at];
            }
            else if (segments[at] != path[at])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>One of a batch's calls, with a request and an answer of its own.</summary>
    private sealed class InnerCall : IHttpRequestLifetimeFeature
    {
        private readonly string? _contentId;
        private readonly MemoryStream _answer = new();

        public InnerCall(BatchPart part, HttpContext outer)
        {
            _contentId = part.ContentId;
            RequestAborted = outer.RequestAborted;
            Context = new DefaultHttpContext { RequestServices = outer.RequestServices };
            Context.Features.Set<IHttpRequestLifetimeFeature>(this);
            HttpRequest request = Context.Request;
            int query = part.Target.IndexOf('?', StringComparison.Ordinal);
            request.Method = part.Verb;
            request.Path = PathString.FromUriComponent(query < 0 ? part.Target : part.Target[..query]);
            request.QueryString = new QueryString(query < 0 ? "" : part.Target[query..]);
            request.Headers.Authorization = part.Headers.TryGetValue("Authorization", out string? own)
                ? own
                : outer.Request.Headers.Authorization;
            request.Body = new MemoryStream(part.Body.ToArray(), writable: false);
            Context.Response.Body = _answer;
        }

        public DefaultHttpContext Context { get; }

        public CancellationToken RequestAborted { get; set; }

        /// <summary>Its connection was cut, which is the batch's.</summary>
        public bool IsCut { get; private set; }

        /// <summary>More of an answer was promised than there is.</summary>
        public bool IsHalf => Context.Response.ContentLength > _answer.Length;

        public void Abort() => IsCut = true;

        public void WriteTo(Stream batch)
        {
            var head = new StringBuilder()
                .Append("--").Append(Boundary).Append("\r\nContent-Type: application/http\r\n");
            if (_contentId is not null)
            {
                head.Append("Content-ID: ").Append(Echo(_contentId)).Append("\r\n");
            }

            int status = Context.Response.StatusCode;
            head.Append("\r\nHTTP/1.1 ").Append(status).Append(' ').Append(ReasonPhrases.GetReasonPhrase(status)).Append("\r\n");
            foreach ((string name, StringValues values) in Context.Response.Headers)
            {
                head.Append(name).Append(": ").Append(values.ToString()).Append("\r\n");
            }

            head.Append("Vary: Origin\r\nVary: X-Origin\r\nVary: Referer\r\n\r\n");
            batch.Write(Encoding.Latin1.GetBytes(head.ToString()));
            batch.Write(_answer.GetBuffer().AsSpan(0, (int)_answer.Length));
            batch.Write("\r\n"u8);
        }

        private static string Echo(string id) => id.StartsWith('<') ? "<response-" + id[1..] : "response-" + id;
    }
}
