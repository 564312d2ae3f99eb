using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.QuickBooks;

/// <summary>One admitted request to one company's books, whose lock is held meanwhile.</summary>
internal sealed record BookCall(QuickBooksWorld World, Company Company, HttpRequest Request, string Text)
{
    public string? Query(string name) => Request.Query[name].FirstOrDefault();

    public string Route(string name) => (string)Request.RouteValues[name]!;

    public string Time => BookTime.Milliseconds(Company.Now, Company.Offset);

    /// <summary>The entity of the path, which the API takes in any case.</summary>
    public BookKind? Kind => Enum.TryParse(Route("entity"), ignoreCase: true, out BookKind kind)
        && !int.TryParse(Route("entity"), out _) ? kind : null;
}

/// <summary>What a method answers: a body, an error, or neither for a path that does not exist.</summary>
internal sealed record BookAnswer(JsonObject? Body, QuickBooksError? Error)
{
    public static readonly BookAnswer NoSuchPath = new(null, null);

    public static implicit operator BookAnswer(QuickBooksError error) => new(null, error);

    public static implicit operator BookAnswer(JsonObject body) => new(body, null);
}
