namespace PracticPro.Sandbox.Practice;

/// <summary>Someone the practice treats. Numbers start at 1 and never change; mail and phone are nobody's.</summary>
internal sealed record PracticeClient(
    int Number, string GivenName, string FamilyName, string Mail, string Phone, PracticeAddress Address,
    DateOnly Since)
{
    public string Name => $"{GivenName} {FamilyName}";
}

internal sealed record PracticeAddress(string Line, string City, string Region, string PostalCode, string Country);

/// <summary>What the practice sells: minutes of a session, and its price in US dollars.</summary>
internal sealed record PracticeService(int Number, string Name, int Minutes, decimal Price);

internal enum AppointmentState
{
    Confirmed,
    Tentative,

    /// <summary>It was entered and called off: a calendar knows it as deleted.</summary>
    Cancelled,
}

/// <summary>
/// One occurrence of a series that differs: moved to another start of the same length, or called off when
/// <see cref="MovedTo"/> is null. Both are wall-clock times in the series' zone.
/// </summary>
internal sealed record OccurrenceChange(DateTime OriginalStart, DateTime? MovedTo);

/// <summary>
/// One entry of the practice's calendar. Start and end are wall-clock times in <see cref="Zone"/> (IANA); of an all-day
/// entry only the dates count, the end excluded. A series carries RFC 5545 lines.
/// </summary>
internal sealed record PracticeAppointment(
    int Number, string Summary, DateTime Start, DateTime End, string Zone)
{
    /// <summary>Null for what concerns no client.</summary>
    public PracticeClient? Client { get; init; }

    public PracticeService? Service { get; init; }

    public bool IsAllDay { get; init; }

    public AppointmentState State { get; init; } = AppointmentState.Confirmed;

    public string? Location { get; init; }

    public IReadOnlyList<string> Recurrence { get; init; } = [];

    public IReadOnlyList<OccurrenceChange> Changes { get; init; } = [];

    /// <summary>When it was written into the book.</summary>
    public required DateTimeOffset EnteredAt { get; init; }
}

internal sealed record InvoiceLine(PracticeService Service, DateOnly Date, int Quantity, decimal Amount);

/// <summary>A month's sessions of one client. Amounts in US dollars, cents exact.</summary>
internal sealed record PracticeInvoice(
    int Number, PracticeClient Client, DateOnly Date, DateOnly Due, IReadOnlyList<InvoiceLine> Lines)
{
    public decimal Total => Lines.Sum(line => line.Amount);
}

/// <summary>Money that came in for one invoice: all of it or a part.</summary>
internal sealed record PracticePayment(
    int Number, PracticeClient Client, PracticeInvoice Invoice, DateOnly Date, decimal Amount, string Method);
