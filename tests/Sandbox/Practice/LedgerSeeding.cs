namespace PracticPro.Sandbox.Practice;

/// <summary>
/// Bills what took place: at the end of each month one invoice a client, due thirty days later. Older invoices are
/// mostly paid, some in part, some in two parts, some not at all.
/// </summary>
internal static class LedgerSeeding
{
    private const int TermDays = 30;

    private static readonly string[] Methods = ["Check", "Credit Card", "Cash"];

    public static IReadOnlyList<PracticeInvoice> Bill(IEnumerable<PracticeAppointment> appointments, DateOnly today)
    {
        var months = appointments
            .Where(held => held is { Client: not null, Service: not null, State: AppointmentState.Confirmed }
                && held.Recurrence.Count == 0)
            .Select(held => (held.Client, held.Service, Date: DateOnly.FromDateTime(held.Start)))
            .GroupBy(held => (Month: LastOfMonth(held.Date), held.Client!.Number))
            .Where(month => month.Key.Month < today)
            .OrderBy(month => month.Key.Month).ThenBy(month => month.Key.Number);
        return [.. months.Select((month, at) => new PracticeInvoice(
            1001 + at, month.First().Client!, month.Key.Month, month.Key.Month.AddDays(TermDays),
            [.. month.Select(held => new InvoiceLine(held.Service!, held.Date, 1, held.Service!.Price))]))];
    }

    public static IReadOnlyList<PracticePayment> Pay(
        IEnumerable<PracticeInvoice> invoices, DateOnly today, Seeded chance)
    {
        var payments = new List<PracticePayment>();
        foreach (PracticeInvoice invoice in invoices)
        {
            int manner = chance.Below(10);
            decimal half = decimal.Round(invoice.Total / 2, 2, MidpointRounding.ToEven);
            decimal[] parts = manner switch
            {
                < 6 => [invoice.Total],
                6 => [half, invoice.Total - half],
                7 => [half],
                _ => [],
            };
            DateOnly date = invoice.Date;
            foreach (decimal part in parts)
            {
                date = date.AddDays(3 + chance.Below(25));
                string method = Methods[chance.Below(Methods.Length)];
                if (date <= today)
                {
                    payments.Add(new PracticePayment(payments.Count + 1, invoice.Client, invoice, date, part, method));
                }
            }
        }

        return payments;
    }

    private static DateOnly LastOfMonth(DateOnly date) =>
        new DateOnly(date.Year, date.Month, 1).AddMonths(1).AddDays(-1);
}
