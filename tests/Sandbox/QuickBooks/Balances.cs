using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.QuickBooks;

/// <summary>
/// What follows from invoices and payments: what is open on an invoice, what of a payment is unapplied, what a customer
/// owes. An entity whose figures move counts as changed and is told of, as if somebody had edited it.
/// </summary>
internal static class Balances
{
    /// <summary>Works everything out anew.</summary>
    public static void Settle(Company company)
    {
        BookEntity[] payments = [.. company.All(BookKind.Payment)];
        ILookup<string?, (string Payment, decimal Amount)> applied = payments
            .SelectMany(payment => Lines(payment).Select(line => (line.Invoice, payment.Id, line.Amount)))
            .ToLookup(line => line.Invoice, line => (line.Id, line.Amount));
        foreach (BookEntity invoice in company.All(BookKind.Invoice))
        {
            var links = new JsonArray();
            foreach (string payment in applied[invoice.Id].Select(line => line.Payment).Distinct())
            {
                links.Add(new JsonObject { ["TxnId"] = payment, ["TxnType"] = "Payment" });
            }

            invoice.Fields["LinkedTxn"] = links;
            decimal open = invoice.Amount("TotalAmt") - applied[invoice.Id].Sum(line => line.Amount);
            Put(company, invoice, "Balance", open);
        }

        foreach (BookEntity payment in payments)
        {
            decimal unapplied = payment.Amount("TotalAmt") - Lines(payment).Sum(line => line.Amount);
            Put(company, payment, "UnappliedAmt", unapplied);
        }

        ILookup<string?, BookEntity> invoices = company.All(BookKind.Invoice).ToLookup(Owner);
        ILookup<string?, BookEntity> paid = payments.ToLookup(Owner);
        foreach (BookEntity customer in company.All(BookKind.Customer))
        {
            decimal owed = invoices[customer.Id].Sum(invoice => invoice.Amount("Balance"))
                - paid[customer.Id].Sum(payment => payment.Amount("UnappliedAmt"));
            Put(company, customer, "Balance", owed);
        }
    }

    /// <summary>Takes the invoice out of every payment that was made for it.</summary>
    public static void Unlink(Company company, BookEntity invoice)
    {
        foreach (BookEntity payment in company.All(BookKind.Payment))
        {
            JsonArray lines = payment.Fields["Line"] as JsonArray ?? [];
            JsonNode?[] gone = [.. lines.Where(line => LinkedTo(line) == invoice.Id)];
            foreach (JsonNode? line in gone)
            {
                lines.Remove(line);
            }
        }
    }

    private static void Put(Company company, BookEntity entity, string field, decimal value)
    {
        bool isNew = entity.Fields[field] is null;
        if (!isNew && entity.Amount(field) == value)
        {
            return;
        }

        entity.Fields[field] = value;
        if (!isNew)
        {
            company.Touch(entity, BookOperation.Update);
        }
    }

    private static string? Owner(BookEntity transaction) => transaction.Reference("CustomerRef");

    private static IEnumerable<(string? Invoice, decimal Amount)> Lines(BookEntity payment) =>
        (payment.Fields["Line"] as JsonArray ?? [])
        .Where(line => LinkedTo(line) is not null)
        .Select(line => (LinkedTo(line), BookEntity.AmountOf(line!["Amount"])));

    private static string? LinkedTo(JsonNode? line) =>
        (line?["LinkedTxn"] as JsonArray)?.Where(link => (string?)link!["TxnType"] == "Invoice")
        .Select(link => (string?)link!["TxnId"]).FirstOrDefault();
}
