using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace PracticPro.Sandbox.QuickBooks;

/// <summary>
/// One error of the accounting API. Refusals at the door (401, 403) are written in another casing than errors of the
/// books (400, 429, 500); without a wish for JSON both come as XML.
/// </summary>
internal sealed record QuickBooksError(int Status, string Code, string Type, string Message)
{
    public string Detail { get; init; } = Message;

    public string Element { get; init; } = "";

    /// <summary>Refused before the books were opened: the lower-case form.</summary>
    public bool IsRefusal => Status is 401 or 403;

    public static QuickBooksError NotFound(string kind, string id) => Invalid(
        "610", "Object Not Found", $"Object Not Found : Something you're trying to use has been made inactive. Check the "
        + $"fields with accounts, customers, items, vendors or employees. ({kind} {id})");

    public static QuickBooksError Unparsed(string detail) =>
        Invalid("4000", "Error parsing query", "QueryParserError: " + detail);

    public static QuickBooksError InvalidQuery(string detail) =>
        Invalid("4001", "Invalid query", "QueryValidationError: " + detail);

    public static QuickBooksError Stale() => Invalid(
        "5010", "Stale Object Error",
        "Stale Object Error : You and another user were working on this at the same time.");

    public static QuickBooksError Missing(string parameter) => Invalid(
        "2020", "Required param missing, need to supply the required value for the API",
        $"Required parameter {parameter} is missing in the request") with { Element = parameter };

    public static QuickBooksError Unsupported(string detail) =>
        Invalid("2010", "Request has invalid or unsupported property", detail);

    public static QuickBooksError Reference(string detail) => Invalid("2500", "Invalid Reference Id", detail);

    public static QuickBooksError Unauthenticated() => new(
        401, "3200", "AUTHENTICATION", "message=AuthenticationFailed; errorCode=003200; statusCode=401")
    {
        Detail = "Token expired: AuthenticationFailed",
    };

    public static QuickBooksError Forbidden() => new(
        403, "3100", "AUTHORIZATION", "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403")
    {
        Detail = "Application is not authorised for this company",
    };

    public static QuickBooksError Throttled() => new(
        429, "3001", "SERVICE", "message=ThrottleExceeded; errorCode=003001; statusCode=429")
    {
        Detail = "The request limit was reached. Please try again later.",
    };

    public static QuickBooksError Broken() => new(
        500, "10000", "SystemFault", "An application error has occurred while processing your request");

    public JsonObject ToJson(string time, DateTimeOffset now) => IsRefusal
        ? new JsonObject
        {
            ["warnings"] = null,
            ["intuitObject"] = null,
            ["fault"] = new JsonObject
            {
                ["error"] = new JsonArray(new JsonObject
                {
                    ["message"] = Message, ["detail"] = Detail, ["code"] = Code, ["element"] = null,
                }),
                ["type"] = Type,
            },
            ["report"] = null,
            ["queryResponse"] = null,
            ["batchItemResponse"] = new JsonArray(),
            ["attachableResponse"] = new JsonArray(),
            ["syncErrorResponse"] = null,
            ["requestId"] = null,
            ["time"] = now.ToUnixTimeMilliseconds(),
            ["status"] = null,
            ["cdcresponse"] = new JsonArray(),
        }
        : new JsonObject
        {
            ["Fault"] = new JsonObject
            {
                ["Error"] = new JsonArray(new JsonObject
                {
                    [nameof(Message)] = Message, [nameof(Detail)] = Detail, ["code"] = Code, ["element"] = Element,
                }),
                ["type"] = Type,
            },
            ["time"] = time,
        };

    public XElement ToXml() => new(
        BookXml.Space + "Fault",
        new XAttribute("type", Type),
        new XElement(
            BookXml.Space + "Error",
            new XAttribute("code", Code),
            new XAttribute("element", Element),
            new XElement(BookXml.Space + "Message", Message),
            new XElement(BookXml.Space + "Detail", Detail)));

    private static QuickBooksError Invalid(string code, string message, string detail) =>
        new(400, code, "ValidationFault", message) { Detail = detail };
}
