using System.Globalization;
using System.Text.Json.Nodes;
using PracticPro.Sandbox.Practice;

namespace PracticPro.Sandbox.QuickBooks;

/// <summary>Fills a company with the books of a small practice: clients, what they were billed, what they paid.</summary>
internal static class BookSeeding
{
    private static readonly Dictionary<string, string> PaidBy =
        new() { ["Cash"] = "1", ["Check"] = "2", ["Credit Card"] = "3" };

    /// <summary>The practice's clients, what they were billed month by month, and what they paid.</summary>
    public static void Fill(Company company, PracticeBook practice) => company.Together(() =>
    {
        Dictionary<int, BookEntity> customers = practice.Clients.ToDictionary(
            client => client.Number, client => company.Create(BookKind.Customer, Customer(client)));
        Dictionary<int, BookEntity> invoices = practice.Invoices.ToDictionary(
            invoice => invoice.Number, invoice => company.Create(BookKind.Invoice, Invoice(invoice, customers[invoice.Client.Number])));
        foreach (PracticePayment payment in practice.Payments)
        {
            BookEntity invoice = invoices[payment.Invoice.Number];
            JsonObject fields = Payment(invoice, payment.Amount, payment.Date);
            fields["PaymentMethodRef"] = new JsonObject { ["value"] = PaidBy.GetValueOrDefault(payment.Method, "9") };
            company.Create(BookKind.Payment, fields);
        }
    });

    /// <summary>Adds so many more of each.</summary>
    public static void Fill(Company company, Seeded made, int customers, int invoices, int payments) => company.Together(() =>
    {
        int first = company.All(BookKind.Customer).Count() + 1;
        for (int number = first; number < first + customers; number++)
        {
            company.Create(BookKind.Customer, Customer(PracticeNames.Client(number, Today(company).AddDays(-made.Below(400)), made)));
        }

        BookEntity[] owing = [.. company.All(BookKind.Customer)];
        for (int at = 0; at < invoices && owing.Length > 0; at++)
        {
            company.Create(BookKind.Invoice, Invoice(company, made, owing[made.Below(owing.Length)], 5000 + at));
        }

        BookEntity[] open = [.. company.All(BookKind.Invoice)];
        for (int at = 0; at < Math.Min(payments, open.Length); at++)
        {
            decimal total = open[at].Amount("TotalAmt");
            decimal paid = made.Chance(70) ? total : Math.Round(total / 2, 2);
            company.Create(BookKind.Payment, Payment(open[at], paid, Today(company).AddDays(-made.Below(20))));
        }
    });

    private static JsonObject Customer(PracticeClient client) => new()
    {
        // Two clients may be called the same; in the books no two customers are.
        ["DisplayName"] = $"{client.Name} ({client.Number})",
        ["GivenName"] = client.GivenName,
        ["FamilyName"] = client.FamilyName,
        ["FullyQualifiedName"] = $"{client.Name} ({client.Number})",
        ["Active"] = client.Number % 11 != 0,
        ["Taxable"] = false,
        ["Job"] = false,
        ["CurrencyRef"] = Dollars(),
        ["PreferredDeliveryMethod"] = "Email",
        ["PrimaryEmailAddr"] = new JsonObject { ["Address"] = client.Mail },
        ["PrimaryPhone"] = new JsonObject { ["FreeFormNumber"] = client.Phone },
        ["BillAddr"] = new JsonObject
        {
            ["Line1"] = client.Address.Line,
            ["City"] = client.Address.City,
            ["CountrySubDivisionCode"] = client.Address.Region,
            ["PostalCode"] = client.Address.PostalCode,
        },
    };

    private static JsonObject Invoice(PracticeInvoice invoice, BookEntity customer) => Invoice(
        customer, invoice.Number, invoice.Date, invoice.Due, invoice.Lines.Select(line => (line.Service, line.Quantity, line.Amount)));

    private static JsonObject Invoice(Company company, Seeded made, BookEntity customer, int number)
    {
        PracticeService service = PracticeNames.Services[made.Below(PracticeNames.Services.Count)];
        int quantity = 1 + made.Below(3);
        DateOnly day = Today(company).AddDays(-made.Below(120));
        return Invoice(customer, number, day, day.AddDays(30), [(service, quantity, service.Price * quantity)]);
    }

    private static JsonObject Invoice(
        BookEntity customer, int number, DateOnly date, DateOnly due,
        IEnumerable<(PracticeService Service, int Quantity, decimal Amount)> sold)
    {
        var lines = new JsonArray();
        decimal total = 0;
        foreach ((PracticeService service, int quantity, decimal amount) in sold)
        {
            total += amount;
            lines.Add(new JsonObject
            {
                ["Id"] = (lines.Count + 1).ToString(CultureInfo.InvariantCulture),
                ["LineNum"] = lines.Count + 1,
                ["Description"] = service.Name,
                ["Amount"] = amount,
                ["DetailType"] = "SalesItemLineDetail",
                ["SalesItemLineDetail"] = new JsonObject
                {
                    ["ItemRef"] = new JsonObject
                    {
                        ["value"] = service.Number.ToString(CultureInfo.InvariantCulture), ["name"] = service.Name,
                    },
                    ["UnitPrice"] = service.Price,
                    ["Qty"] = quantity,
                },
            });
        }

        lines.Add(new JsonObject { ["Amount"] = total, ["DetailType"] = "SubTotalLineDetail", ["SubTotalLineDetail"] = new JsonObject() });
        return new JsonObject
        {
            ["DocNumber"] = number.ToString(CultureInfo.InvariantCulture),
            ["TxnDate"] = Day(date),
            ["DueDate"] = Day(due),
            ["CurrencyRef"] = Dollars(),
            ["CustomerRef"] = new JsonObject { ["value"] = customer.Id, ["name"] = (string?)customer.Fields["DisplayName"] },
            ["Line"] = lines,
            ["TotalAmt"] = total,
            ["EmailStatus"] = "NotSet",
        };
    }

    private static JsonObject Payment(BookEntity invoice, decimal paid, DateOnly date) => new()
    {
        ["TxnDate"] = Day(date),
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

    private static JsonObject Dollars() => new() { ["value"] = "USD", ["name"] = "United States Dollar" };

    private static DateOnly Today(Company company) => DateOnly.FromDateTime(company.Now.ToOffset(company.Offset).DateTime);

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
