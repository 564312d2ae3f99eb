using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace PracticPro.FunctionsHost.Queues;

/// <summary>The XML of the queue service.</summary>
internal static class QueueXml
{
    /// <summary>The text of a message that is put; null when the body is something else.</summary>
    public static async Task<string?> ReadTextAsync(HttpRequest request)
    {
        if (request.ContentLength is 0)
        {
            return null;
        }

        try
        {
            var document = await XDocument.LoadAsync(request.Body, LoadOptions.PreserveWhitespace, request.HttpContext.RequestAborted);
            return document.Root?.Element("MessageText")?.Value;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    public static IResult Names(IReadOnlyList<string> names) => Xml(200, new XElement(
        "EnumerationResults",
        new XElement("Queues", names.Select(name => new XElement("Queue", new XElement("Name", name)))),
        new XElement("NextMarker")));

    public static IResult Put(QueueMessage message) => Xml(201, new XElement(
        "QueueMessagesList",
        new XElement(
            "QueueMessage",
            new XElement("MessageId", message.Id),
            new XElement("InsertionTime", Date(message.InsertedAt)),
            new XElement("ExpirationTime", Date(message.ExpiresAt)),
            new XElement("PopReceipt", message.PopReceipt),
            new XElement("TimeNextVisible", Date(message.VisibleAt)))));

    public static IResult Taken(IReadOnlyList<QueueMessage> messages, bool peeked) => Xml(200, new XElement(
        "QueueMessagesList",
        messages.Select(message => new XElement(
            "QueueMessage",
            new XElement("MessageId", message.Id),
            new XElement("InsertionTime", Date(message.InsertedAt)),
            new XElement("ExpirationTime", Date(message.ExpiresAt)),
            peeked ? null : new XElement("PopReceipt", message.PopReceipt),
            peeked ? null : new XElement("TimeNextVisible", Date(message.VisibleAt)),
            new XElement("DequeueCount", message.DequeueCount),
            new XElement("MessageText", message.Text)))));

    public static IResult Verdict(QueueVerdict verdict) => verdict switch
    {
        QueueVerdict.Done => Results.NoContent(),
        QueueVerdict.NoQueue => NoQueue(),
        QueueVerdict.NoMessage => Refusal(404, "MessageNotFound"),
        _ => Refusal(400, "PopReceiptMismatch"),
    };

    public static IResult NoQueue() => Refusal(404, "QueueNotFound");

    public static IResult Refusal(int status, string code) =>
        new Coded(code, Xml(status, new XElement("Error", new XElement("Code", code), new XElement("Message", code))));

    private static IResult Xml(int status, XElement root) => Results.Text(
        $"<?xml version=\"1.0\" encoding=\"utf-8\"?>{root.ToString(SaveOptions.DisableFormatting)}", "application/xml", statusCode: status);

    private static string Date(DateTimeOffset time) => time.ToString("R", CultureInfo.InvariantCulture);

    private sealed class Coded(string code, IResult answer) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers["x-ms-error-code"] = code;
            return answer.ExecuteAsync(httpContext);
        }
    }
}
