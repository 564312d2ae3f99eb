using System.Globalization;
using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.QuickBooks;

/// <summary>Fills a company with the books of a small practice: clients, what they were billed, what they paid.</summary>
internal static class BookSeeding
{
    private static readonly string[] Names =
    [
        "Ada Lindqvist", "Bram Okafor", "Celia Marsh", "Dario Fontana", "Esme Whitlock", "Farid Rahimi", "Greta Sandoval",
        "Hugo Brandt", "Ines Carvalho", "Jonas Petrov", "Kira Nakamura", "Liam O'Dowd",
    ];

    private static readonly (string Name, decimal Price)[] Services =
    [
        ("Initial consultation", 180m), ("Follow-up session", 95m), ("Physiotherapy, 45 min", 110.50m),
        ("Group class", 24.75m), ("Report for insurer", 62.30m),
    ];

    public static void Fill(Company company, long seed) => Fill(company, new Seeded(seed, "books"), Names.Length, 24, 14);

    /// <summary>Adds so many of each; what is odd about a customer or a payment follows from the draw.</summary>
    public static void Fill(Company company, Seeded made, int customers, int invoices, int payments) => company.Together(() =>
    {
        for (int at = 0; at < customers; at++)
        {
            company.Create(BookKind.Customer, Customer(made, at));
        }

        BookEntity[] owing = [.. company.All(BookKind.Customer)];
        for (int at = 0; at < invoices && owing.Length > 0; at++)
        {
            company.Create(BookKind.Invoice, Invoice(company, made, owing[made.Below(owing.Length)], 1000 + at));
        }

        BookEntity[] open = [.. company.All(BookKind.Invoice)];
        for (int at = 0; at < Math.Min(payments, open.Length); at++)
        {
            company.Create(BookKind.Payment, Payment(company, made, open[at]));
        }
    });

    public static JsonObject Customer(Seeded made, int at)
    {
        string name = Names[at % Names.Length] + (at < Names.Length ? "" : string.Create(CultureInfo.InvariantCulture, $" {at}"));
        string mailbox = string.Concat(name.ToLowerInvariant().Where(letter => char.IsAsciiLetterOrDigit(letter)));
        var customer = new JsonObject
        {
            ["DisplayName"] = name,
            ["GivenName"] = name.Split(' ')[0],
            ["FamilyName"] = name.Split(' ')[1],
            ["FullyQualifiedName"] = name,
            ["Active"] = !made.Chance(10),
            ["Taxable"] = false,
            ["Job"] = false,
            ["CurrencyRef"] = Dollars(),
            ["PreferredDeliveryMethod"] = "Email",
        };
        if (made.Chance(85))
        {
            customer["PrimaryEmailAddr"] = new JsonObject { ["Address"] = $"{mailbox}@mail.example" };
        }

        if (made.Chance(60))
        {
            customer["PrimaryPhone"] = new JsonObject { ["FreeFormNumber"] = $"(555) 01{made.Below(10)}-{1000 + made.Below(9000)}" };
        }

        return customer;
    }

    public static JsonObject Invoice(Company company, Seeded made, BookEntity customer, int number)
    {
        var lines = new JsonArray();
        decimal total = 0;
        for (int at = 1; at <= 1 + made.Below(3); at++)
        {
            (string service, decimal price) = Services[made.Below(Services.Length)];
            int quantity = 1 + made.Below(3);
            total += price * quantity;
            lines.Add(new JsonObject
            {
                ["Id"] = at.ToString(CultureInfo.InvariantCulture),
                ["LineNum"] = at,
                ["Description"] = service,
                ["Amount"] = price * quantity,
                ["DetailType"] = "SalesItemLineDetail",
                ["SalesItemLineDetail"] = new JsonObject
                {
                    ["ItemRef"] = new JsonObject { ["value"] = "1", ["name"] = service },
                    ["UnitPrice"] = price,
                    ["Qty"] = quantity,
                },
            });
        }

        lines.Add(new JsonObject { ["Amount"] = total, ["DetailType"] = "SubTotalLineDetail", ["SubTotalLineDetail"] = new JsonObject() });
        DateTimeOffset day = company.Now.ToOffset(company.Offset).AddDays(-made.Below(120));
        return new JsonObject
        {
            ["DocNumber"] = number.ToString(CultureInfo.InvariantCulture),
            ["TxnDate"] = Day(day),
            ["DueDate"] = Day(day.AddDays(30)),
            ["CurrencyRef"] = Dollars(),
            ["CustomerRef"] = Reference(customer),
            ["Line"] = lines,
            ["TotalAmt"] = total,
            ["EmailStatus"] = "NotSet",
        };
    }

    /// <summary>Pays the invoice, whole or in part.</summary>
    public static JsonObject Payment(Company company, Seeded made, BookEntity invoice)
    {
        decimal total = invoice.Amount("TotalAmt");
        decimal paid = made.Chance(70) ? total : Math.Round(total / 2, 2);
        return new JsonObject
        {
            ["TxnDate"] = Day(company.Now.ToOffset(company.Offset).AddDays(-made.Below(20))),
            ["CurrencyRef"] = Dollars(),
            ["CustomerRef"] = invoice.Fields["CustomerRef"]!.DeepClone(),
            ["TotalAmt"] = paid,
            ["ProcessPayment"] = false,
            ["DepositToAccountRef"] = new JsonObject { ["value"] = "35" },
            ["Line"] = new JsonArray(new JsonObject
            {
                ["Amount"] = paid,
                ["LinkedTxn"] = new JsonArray(new JsonObject { ["TxnId"] = invoice.Id, ["TxnType"] = "Invoice" }),
            }),
        };
    }

    private static JsonObject Reference(BookEntity customer) => new()
    {
        ["value"] = customer.Id,
        ["name"] = (string?)customer.Fields["DisplayName"],
    };

    private static JsonObject Dollars() => new() { ["value"] = "USD", ["name"] = "United States Dollar" };

    private static string Day(DateTimeOffset time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
