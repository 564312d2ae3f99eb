namespace PracticPro.Sandbox.QuickBooks;

/// <summary>One method of the accounting API: where it is, and whether it only reads.</summary>
internal sealed record BookMethod(string Verb, string Path, bool Reads, Func<BookCall, BookAnswer> Run);

/// <summary>The contents page of the accounting API. Reads count against the month; writes do not.</summary>
internal static class BookMethods
{
    public static readonly IReadOnlyList<BookMethod> All =
    [
        new("GET", "query", true, call => ReadMethods.Query(call, call.Query("query"))),
        new("POST", "query", true, call => ReadMethods.Query(call, call.Text)),
        new("GET", "cdc", true, CaptureMethod.Run),
        new("GET", "companyinfo/{id}", true, ReadMethods.Company),
        new("GET", "{entity}/{id}", true, ReadMethods.Entity),
        new("POST", "{entity}", false, WriteMethods.Run),
    ];
}
