namespace PracticPro.Sandbox.QuickBooks;

/// <summary>What a company's books hold here. Names are those of the API, case included.</summary>
internal enum BookKind
{
    Customer,
    Invoice,
    Payment,
}

/// <summary>What happened to an entity, in the words of the older notification format.</summary>
internal enum BookOperation
{
    Create,
    Update,
    Delete,
    Merge,
    Void,
    Emailed,
}

/// <summary>A change as a notification tells it: which, not what.</summary>
internal sealed record BookChange(
    string Realm, BookKind Kind, string Id, BookOperation Operation, DateTimeOffset At, string? MergedAway = null);
