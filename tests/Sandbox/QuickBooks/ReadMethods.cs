using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.QuickBooks;

/// <summary>Query, reading one entity, and the company itself.</summary>
internal static class ReadMethods
{
    public static BookAnswer Query(BookCall call, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return QuickBooksError.Missing("query");
        }

        (JsonObject? answer, QuickBooksError? error) = QueryRun.Run(call.Company, text);
        return answer is null ? error! : new JsonObject { ["QueryResponse"] = answer, ["time"] = call.Time };
    }

    /// <summary>An inactive customer is still there; a deleted or merged one is not.</summary>
    public static BookAnswer Entity(BookCall call)
    {
        if (call.Kind is not BookKind kind)
        {
            return BookAnswer.NoSuchPath;
        }

        return call.Company.Find(kind, call.Route("id")) is BookEntity entity
            ? new JsonObject { [kind.ToString()] = entity.ToJson(call.Company.Offset), ["time"] = call.Time }
            : QuickBooksError.NotFound(kind.ToString(), call.Route("id"));
    }

    public static BookAnswer Company(BookCall call) => call.Route("id") != call.Company.Realm
        ? QuickBooksError.NotFound("CompanyInfo", call.Route("id"))
        : new JsonObject
        {
            ["CompanyInfo"] = new JsonObject
            {
                ["CompanyName"] = call.Company.Name,
                ["LegalName"] = call.Company.Name,
                ["Country"] = "US",
                ["Email"] = new JsonObject { ["Address"] = "office@harbour-clinic.example" },
                ["FiscalYearStartMonth"] = "January",
                ["SupportedLanguages"] = "en",
                ["domain"] = "QBO",
                ["sparse"] = false,
                ["Id"] = "1",
                ["SyncToken"] = "4",
            },
            ["time"] = call.Time,
        };
}
