using System.Text;
using Microsoft.AspNetCore.Http.Extensions;
using PracticPro.FunctionsHost.App;
using PracticPro.FunctionsHost.Payload;

namespace PracticPro.FunctionsHost.Front;

/// <summary>An HTTP request as a payload. The body takes part only when it has a length; chunked ones are lost.</summary>
internal static class HttpPayload
{
    private const string Anonymous =
        """{"AuthenticationType":null,"IsAuthenticated":false,"Actor":null,"BootstrapContext":null,"Claims":[],"Label":null,"Name":null,"NameClaimType":"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name","RoleClaimType":"http://schemas.microsoft.com/ws/2008/06/identity/claims/role"}""";

    private const string Master =
        """{"AuthenticationType":"WebJobsAuthLevel","IsAuthenticated":true,"Actor":null,"BootstrapContext":null,"Claims":[{"Issuer":"LOCAL AUTHORITY","OriginalIssuer":"LOCAL AUTHORITY","Properties":{},"Type":"http://schemas.microsoft.com/2017/07/functions/claims/authlevel","Value":"Admin","ValueType":"http://www.w3.org/2001/XMLSchema#string"},{"Issuer":"LOCAL AUTHORITY","OriginalIssuer":"LOCAL AUTHORITY","Properties":{},"Type":"http://schemas.microsoft.com/2017/07/functions/claims/invoke","Value":"true","ValueType":"http://www.w3.org/2001/XMLSchema#string"},{"Issuer":"LOCAL AUTHORITY","OriginalIssuer":"LOCAL AUTHORITY","Properties":{},"Type":"http://schemas.microsoft.com/2017/07/functions/claims/keyid","Value":"master","ValueType":"http://www.w3.org/2001/XMLSchema#string"}],"Label":null,"Name":null,"NameClaimType":"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name","RoleClaimType":"http://schemas.microsoft.com/ws/2008/06/identity/claims/role"}""";

    public static async Task<byte[]> ReadAsync(HttpContext context, Function function, Payloads payloads)
    {
        var request = context.Request;
        var body = await BodyAsync(request);
        var identity = HostKeys.HasKey(request) ? Master : Anonymous;
        var value = new StringBuilder("{")
            .Append("\"Url\":").Append(JsonText.Quote(request.GetEncodedUrl()))
            .Append(",\"Method\":").Append(JsonText.Quote(request.Method))
            .Append(",\"Query\":").Append(Texts(request.Query.Select(one => (one.Key, (string?)one.Value.ToString()))))
            .Append(",\"Headers\":").Append(Lists(request.Headers))
            .Append(",\"Params\":").Append(Texts(Parameters(context)))
            .Append(",\"Identities\":[").Append(identity).Append(']');
        if (body is not null)
        {
            var text = IsBinary(request) ? Convert.ToBase64String(body) : Encoding.UTF8.GetString(body);
            value.Append(",\"Body\":").Append(JsonText.Quote(text));
        }

        return payloads.Body(function, value.Append('}').ToString(), BindingData(context, function, body));
    }

    // The body's properties first, then query and route over them; the key of a call does not take part.
    private static Metadata BindingData(HttpContext context, Function function, byte[]? body)
    {
        var metadata = new Metadata();
        if (body is not null && IsJson(context.Request))
        {
            metadata.Merge(Encoding.UTF8.GetString(body));
        }

        foreach (var (name, values) in context.Request.Query.Where(one => !one.Key.Equals("code", StringComparison.OrdinalIgnoreCase)))
        {
            metadata.Set(name, Encoded.Text(values[^1] ?? ""));
        }

        foreach (var (name, value) in Parameters(context).Where(one => one.Value is not null))
        {
            metadata.Set(name, Encoded.Text(value!));
        }

        metadata.Remove(function.Trigger.Name);
        metadata.Set("Query", Texts(context.Request.Query.Select(one => (one.Key, one.Value[^1]))));
        metadata.Set("Headers", Texts(context.Request.Headers.Select(one => (one.Key, (string?)one.Value.ToString()))));
        return metadata;
    }

    private static async Task<byte[]?> BodyAsync(HttpRequest request)
    {
        if (request.ContentLength is not > 0)
        {
            return null;
        }

        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes, request.HttpContext.RequestAborted);
        return bytes.ToArray();
    }

    private static IEnumerable<(string Name, string? Value)> Parameters(HttpContext context)
    {
        var pattern = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern;
        return pattern?.Parameters.Select(one =>
            (one.Name, context.Request.RouteValues.TryGetValue(one.Name, out var value) ? value?.ToString() : null)) ?? [];
    }

    private static bool IsBinary(HttpRequest request) =>
        request.ContentType is { } type
        && (type.StartsWith("application/octet-stream", StringComparison.OrdinalIgnoreCase)
            || type.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase));

    private static bool IsJson(HttpRequest request) =>
        request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true;

    private static string Texts(IEnumerable<(string Name, string? Value)> all) =>
        "{" + string.Join(',', all.Select(one =>
            $"{JsonText.Quote(one.Name)}:{(one.Value is null ? "null" : JsonText.Quote(one.Value))}")) + "}";

    private static string Lists(IHeaderDictionary headers) =>
        "{" + string.Join(',', headers.Select(one =>
            $"{JsonText.Quote(one.Key)}:[{string.Join(',', one.Value.Select(value => JsonText.Quote(value ?? "")))}]")) + "}";
}
