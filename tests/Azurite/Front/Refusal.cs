using System.Text;

namespace PracticPro.Azurite.Front;

/// <summary>Errors in the storage service's form. Source: Microsoft Learn, "Status and error codes" of Azure Storage.</summary>
internal static class Refusal
{
    public static async Task WriteAsync(HttpContext context, int status, string code)
    {
        var answer = context.Response;
        answer.StatusCode = status;
        answer.Headers["x-ms-error-code"] = code;
        answer.Headers["x-ms-request-id"] = context.TraceIdentifier;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        answer.ContentType = "application/xml";
        await answer.Body.WriteAsync(Encoding.UTF8.GetBytes(
            $"<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code><Message>{code}</Message></Error>"));
    }

    public static Task ImmutableAsync(HttpContext context) => WriteAsync(context, 409, "BlobImmutableDueToPolicy");
}
