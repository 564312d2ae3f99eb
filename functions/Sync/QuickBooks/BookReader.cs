using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using PracticPro.Kernel;
using PracticPro.Sync.Books;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.QuickBooks;

/// <summary>
/// Turns QuickBooks' JSON into what is kept. Pure. Null for what lacks an id, a version, a date or an amount: never a guess.
/// </summary>
internal static class BookReader
{
    /// <summary>What a note begins with once its transaction was cancelled. Source: Intuit, "Voiding Invoice Objects".</summary>
    public const string VoidedNote = "Voided";

    public static MirroredItem? Customer(ConnectionId connection, StreamName stream, JsonElement entity) =>
        Head.Of(entity) is { } head && Text(entity, "DisplayName") is { } name && Amount(entity, "Balance", whenAbsent: 0) is { } owes
            ? new Customer(
                connection,
                stream,
                head.Key,
                head.Version,
                name,
                EmailAddress.TryParse(Inside(entity, "PrimaryEmailAddr", "Address")?.Trim(), out var address) ? address : null,
                !entity.TryGetProperty("Active", out var active) || active.ValueKind != JsonValueKind.False,
                owes,
                head.ChangedAt)
            : null;

    public static MirroredItem? Invoice(ConnectionId connection, StreamName stream, JsonElement entity) =>
        Head.Of(entity) is { } head
        && Inside(entity, "CustomerRef", "value") is { } customer
        && Day(entity, "TxnDate") is { } date
        && Amount(entity, "TotalAmt") is { } total
        && Amount(entity, "Balance") is { } open
            ? new Invoice(
                connection, stream, head.Key, head.Version, Text(entity, "DocNumber"), customer, date, Day(entity, "DueDate"),
                total, open, IsVoided(entity, total), head.ChangedAt)
            : null;

    public static MirroredItem? Payment(ConnectionId connection, StreamName stream, JsonElement entity) =>
        Head.Of(entity) is { } head
        && Day(entity, "TxnDate") is { } date
        && Amount(entity, "TotalAmt") is { } total
        && Amount(entity, "UnappliedAmt", whenAbsent: 0) is { } unapplied
        && PaidFor(entity, total.Currency) is { } paid
            ? new Payment(
                connection, stream, head.Key, head.Version, Inside(entity, "CustomerRef", "value"), date, total, unapplied, paid,
                IsVoided(entity, total), head.ChangedAt)
            : null;

    /// <summary>Null when it is no time.</summary>
    public static DateTimeOffset? Time(string? text) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
        ? time
        : null;

    public static string? Text(JsonElement entity, string name) =>
        entity.ValueKind == JsonValueKind.Object
        && entity.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    public static string? Inside(JsonElement entity, string outer, string name) =>
        entity.ValueKind == JsonValueKind.Object && entity.TryGetProperty(outer, out var inner) ? Text(inner, name) : null;

    private static bool IsVoided(JsonElement entity, Money total) =>
        total.Amount == 0 && Text(entity, "PrivateNote")?.StartsWith(VoidedNote, StringComparison.OrdinalIgnoreCase) == true;

    private static DateOnly? Day(JsonElement entity, string name) =>
        DateOnly.TryParseExact(Text(entity, name), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : null;

    private static Money? Amount(JsonElement entity, string name, decimal? whenAbsent = null)
    {
        var currency = Inside(entity, "CurrencyRef", "value") is { } named && Money.IsCurrency(named) ? named : null;
        return !entity.TryGetProperty(name, out var value)
            ? whenAbsent is { } absent ? new Money(absent, currency) : null
            : value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var amount) ? new Money(amount, currency) : null;
    }

    /// <summary>A line that is for no invoice, but for a credit note for example, is passed over.</summary>
    private static ImmutableArray<PaidInvoice>? PaidFor(JsonElement entity, string? currency)
    {
        var paid = ImmutableArray.CreateBuilder<PaidInvoice>();
        foreach (var line in Items(entity, "Line"))
        {
            foreach (var linked in Items(line, "LinkedTxn"))
            {
                if (Text(linked, "TxnType") != "Invoice")
                {
                    continue;
                }

                if (Text(linked, "TxnId") is not { } invoice
                    || !line.TryGetProperty("Amount", out var value)
                    || value.ValueKind != JsonValueKind.Number
                    || !value.TryGetDecimal(out var amount))
                {
                    return null;
                }

                paid.Add(new PaidInvoice(invoice, new Money(amount, currency)));
            }
        }

        return paid.ToImmutable();
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement entity, string name) =>
        entity.ValueKind == JsonValueKind.Object && entity.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array
            ? items.EnumerateArray()
            : default;

    /// <summary>What every entity has.</summary>
    private sealed record Head(string Key, string Version, DateTimeOffset ChangedAt)
    {
        public static Head? Of(JsonElement entity) =>
            Text(entity, "Id") is { Length: > 0 } key
            && Text(entity, "SyncToken") is { } version
            && Time(Inside(entity, "MetaData", "LastUpdatedTime")) is { } changedAt
                ? new Head(key, version, changedAt)
                : null;
    }
}
