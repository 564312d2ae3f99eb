using PracticPro.Sandbox.Practice;

namespace PracticPro.Tests.Sandbox;

public sealed class PracticeTests
{
    private static readonly PracticeBook Book = PracticeBook.Make(42, SandboxClient.Start);

    [Fact]
    public void The_same_seed_and_day_make_the_same_practice()
    {
        PracticeBook again = PracticeBook.Make(42, SandboxClient.Start);

        Assert.Equal(Book.Clients, again.Clients);
        Assert.Equal(
            Book.Appointments.Select(held => (held.Summary, held.Start, held.Zone, held.State, held.EnteredAt)),
            again.Appointments.Select(held => (held.Summary, held.Start, held.Zone, held.State, held.EnteredAt)));
        Assert.Equal(
            Book.Payments.Select(paid => (paid.Number, paid.Invoice.Number, paid.Date, paid.Amount)),
            again.Payments.Select(paid => (paid.Number, paid.Invoice.Number, paid.Date, paid.Amount)));
        Assert.NotEqual(
            Book.Appointments.Select(held => held.Summary),
            PracticeBook.Make(43, SandboxClient.Start).Appointments.Select(held => held.Summary));
    }

    [Fact]
    public void It_is_a_practice_of_forty_clients_with_every_sort_of_appointment()
    {
        Assert.Equal(40, Book.Clients.Count);
        Assert.Equal(40, Book.Clients.DistinctBy(client => client.Mail).Count());
        Assert.InRange(Book.Appointments.Count, 150, 500);
        Assert.Contains(Book.Appointments, held => held.IsAllDay);
        Assert.Contains(Book.Appointments, held => held.State == AppointmentState.Cancelled);
        Assert.Contains(Book.Appointments, held => held.State == AppointmentState.Tentative);
        Assert.Contains(Book.Appointments, held => held.Changes.Any(change => change.MovedTo is null));
        Assert.Contains(Book.Appointments, held => held.Changes.Any(change => change.MovedTo is not null));
        Assert.Contains(Book.Appointments, held => held.Zone == "Europe/Berlin" && held.Recurrence.Count > 0);
        Assert.Contains(Book.Appointments, held => held.Client is null);
    }

    [Fact]
    public void Nobody_pays_more_than_the_invoice_says_or_before_it_was_written()
    {
        Assert.NotEmpty(Book.Payments);
        foreach (IGrouping<PracticeInvoice, PracticePayment> paid in Book.Payments.GroupBy(paid => paid.Invoice))
        {
            Assert.True(paid.Sum(part => part.Amount) <= paid.Key.Total);
            Assert.All(paid, part => Assert.InRange(part.Date, paid.Key.Date, Book.Today));
        }

        Assert.Contains(Book.Invoices, invoice => Book.Payments.All(paid => paid.Invoice != invoice));
        Assert.All(Book.Invoices, invoice => Assert.InRange(invoice.Total, 45.50m, 5_000m));
    }
}
