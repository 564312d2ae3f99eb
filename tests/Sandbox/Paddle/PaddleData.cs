using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Paddle;

/// <summary>The data of subscription and transaction events. Money is text in the smallest unit.</summary>
internal static class PaddleData
{
    public static JsonObject For(string type, Func<string, string> key, Func<DateTimeOffset, string> write, DateTimeOffset now) =>
        type.StartsWith("subscription.", StringComparison.Ordinal)
            ? Subscription(type["subscription.".Length..], key, write, now)
            : type.StartsWith("transaction.", StringComparison.Ordinal)
                ? Transaction(type["transaction.".Length..], key, write, now)
                : [];

    private static JsonObject Subscription(
        string happened, Func<string, string> key, Func<DateTimeOffset, string> write, DateTimeOffset now)
    {
        string status = happened is "canceled" or "past_due" or "paused" or "trialing" ? happened : "active";
        var data = new JsonObject
        {
            ["id"] = key("sub"),
            ["status"] = status,
            ["customer_id"] = key("ctm"),
            ["address_id"] = key("add"),
            ["business_id"] = null,
            ["currency_code"] = "USD",
            ["created_at"] = write(now),
            ["updated_at"] = write(now),
            ["started_at"] = write(now),
            ["first_billed_at"] = write(now),
            ["next_billed_at"] = status is "canceled" or "paused" ? null : write(now.AddMonths(1)),
            ["paused_at"] = status == "paused" ? write(now) : null,
            ["canceled_at"] = status == "canceled" ? write(now) : null,
            ["collection_mode"] = "automatic",
            ["billing_cycle"] = new JsonObject { ["interval"] = "month", ["frequency"] = 1 },
            ["current_billing_period"] = new JsonObject { ["starts_at"] = write(now), ["ends_at"] = write(now.AddMonths(1)) },
            ["scheduled_change"] = null,
            ["items"] = new JsonArray(new JsonObject
            {
                ["status"] = "active",
                ["quantity"] = 1,
                ["recurring"] = true,
                ["created_at"] = write(now),
                ["updated_at"] = write(now),
                ["price"] = Price(key),
            }),
            ["custom_data"] = null,
        };
        if (happened == "created")
        {
            data["transaction_id"] = key("txn");
        }

        return data;
    }

    private static JsonObject Transaction(
        string happened, Func<string, string> key, Func<DateTimeOffset, string> write, DateTimeOffset now) => new()
    {
        ["id"] = key("txn"),
        ["status"] = happened switch
        {
            "completed" or "billed" or "canceled" or "paid" or "past_due" or "ready" => happened,
            "payment_failed" => "past_due",
            _ => "draft",
        },
        ["customer_id"] = key("ctm"),
        ["subscription_id"] = key("sub"),
        ["invoice_id"] = key("inv"),
        ["currency_code"] = "USD",
        ["origin"] = "web",
        ["collection_mode"] = "automatic",
        ["created_at"] = write(now),
        ["updated_at"] = write(now),
        ["billed_at"] = write(now),
        ["items"] = new JsonArray(new JsonObject { ["quantity"] = 1, ["proration"] = null, ["price"] = Price(key) }),
        ["details"] = new JsonObject
        {
            ["totals"] = new JsonObject
            {
                ["subtotal"] = "4900", ["discount"] = "0", ["tax"] = "392", ["total"] = "5292", ["grand_total"] = "5292",
                ["currency_code"] = "USD",
            },
        },
        ["custom_data"] = null,
    };

    private static JsonObject Price(Func<string, string> key) => new()
    {
        ["id"] = key("pri"),
        ["product_id"] = key("pro"),
        ["name"] = "Monthly",
        ["unit_price"] = new JsonObject { ["amount"] = "4900", ["currency_code"] = "USD" },
        ["billing_cycle"] = new JsonObject { ["interval"] = "month", ["frequency"] = 1 },
    };
}
