namespace PracticPro.Sandbox.Practice;

/// <summary>
/// One believable practice, the same for the same seed and day: whom it treats, when, what for, and what was paid.
/// Every provider of the sandbox is filled from it, so that the same client is the same person everywhere.
/// Appointments reach from six months back to three months ahead of <see cref="Today"/>.
/// </summary>
internal sealed record PracticeBook(
    DateOnly Today,
    IReadOnlyList<PracticeClient> Clients,
    IReadOnlyList<PracticeService> Services,
    IReadOnlyList<PracticeAppointment> Appointments,
    IReadOnlyList<PracticeInvoice> Invoices,
    IReadOnlyList<PracticePayment> Payments)
{
    /// <summary>Where the practice is.</summary>
    public const string Zone = "America/New_York";

    public const string Name = "Harbour Clinic";

    private const int ClientCount = 40;

    public static PracticeBook Make(long seed, DateTimeOffset now)
    {
        var made = new Seeded(seed, "practice");
        DateOnly today = DateOnly.FromDateTime(now.UtcDateTime);
        Seeded people = made.For("clients");
        PracticeClient[] clients = [.. Enumerable.Range(1, ClientCount)
            .Select(number => PracticeNames.Client(number, today.AddDays(-200 - people.Below(900)), people))];
        IReadOnlyList<PracticeAppointment> appointments =
            new AppointmentSeeding(clients, today, made.For("calendar")).Make();
        IReadOnlyList<PracticeInvoice> invoices = LedgerSeeding.Bill(appointments, today);
        return new PracticeBook(
            today, clients, PracticeNames.Services, appointments, invoices,
            LedgerSeeding.Pay(invoices, today, made.For("payments")));
    }
}
