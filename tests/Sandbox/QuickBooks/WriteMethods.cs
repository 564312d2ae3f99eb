using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.QuickBooks;

/// <summary>
/// Create, update (sparse or whole), delete and void. They are here so that a client could write, and every try is
/// counted before anything else is looked at: a client that promises never to write is held to it.
/// </summary>
internal static class WriteMethods
{
    private static readonly string[] Kept = ["Id", "SyncToken", "MetaData", "domain", "sparse"];

    public static BookAnswer Run(BookCall call)
    {
        if (call.Kind is not BookKind kind)
        {
            return BookAnswer.NoSuchPath;
        }

        if (Body(call.Text) is not JsonObject body)
        {
            return QuickBooksError.Unsupported("The request body is no object");
        }

        BookEntity? entity = call.Company.Find(kind, (string?)body["Id"]);
        if (body["Id"] is not null && entity is null)
        {
            return QuickBooksError.NotFound(kind.ToString(), (string)body["Id"]!);
        }

        if (entity is not null && (string?)body["SyncToken"] != entity.SyncToken.ToString(CultureInfo.InvariantCulture))
        {
            return QuickBooksError.Stale();
        }

        return (call.Query("operation"), entity) switch
        {
            (null, null) => Create(call, kind, body),
            (null, { } known) => Update(call, known, body),
            ("delete", { } known) => Delete(call, known),
            ("void", { Kind: not BookKind.Customer } known) => Void(call, known),
            _ => QuickBooksError.Unsupported("Operation is not supported"),
        };
    }

    private static BookAnswer Create(BookCall call, BookKind kind, JsonObject body)
    {
        if (kind == BookKind.Customer && body["DisplayName"] is null)
        {
            return QuickBooksError.Missing("DisplayName");
        }

        if (kind == BookKind.Customer && call.Company.All(kind).Any(known =>
            (string?)known.Fields["DisplayName"] == (string?)body["DisplayName"]))
        {
            return new QuickBooksError(400, "6240", "ValidationFault", "Duplicate Name Exists Error");
        }

        if (kind != BookKind.Customer && call.Company.Find(BookKind.Customer, (string?)body["CustomerRef"]?["value"]) is null)
        {
            return QuickBooksError.Reference("Invalid Reference Id : CustomerRef");
        }

        return Shown(call, call.Company.Create(kind, Own(body)));
    }

    private static BookAnswer Update(BookCall call, BookEntity entity, JsonObject body)
    {
        JsonObject changes = Own(body);
        if (!(body["sparse"] is JsonValue sparse && sparse.GetValue<bool>()))
        {
            foreach (string cleared in entity.Fields.Select(field => field.Key).Where(name => !changes.ContainsKey(name)).ToArray())
            {
                changes[cleared] = null;
            }
        }

        call.Company.Edit(entity, changes);
        return Shown(call, entity);
    }

    private static BookAnswer Delete(BookCall call, BookEntity entity)
    {
        call.Company.Delete(entity);
        return new JsonObject
        {
            [entity.Kind.ToString()] = new JsonObject { ["domain"] = "QBO", ["status"] = "Deleted", ["Id"] = entity.Id },
            ["time"] = call.Time,
        };
    }

    private static BookAnswer Void(BookCall call, BookEntity entity)
    {
        call.Company.Void(entity);
        return Shown(call, entity);
    }

    private static BookAnswer Shown(BookCall call, BookEntity entity) => new JsonObject
    {
        [entity.Kind.ToString()] = entity.ToJson(call.Company.Offset),
        ["time"] = call.Time,
    };

    private static JsonObject Own(JsonObject body) =>
        new(body.Where(field => !Kept.Contains(field.Key)).Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));

    private static JsonObject? Body(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
