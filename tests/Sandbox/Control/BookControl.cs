using System.Text.Json.Nodes;
using PracticPro.Sandbox.QuickBooks;

namespace PracticPro.Sandbox.Control;

/// <summary>Changes books as somebody sitting in front of QuickBooks does, and shows all that is in them.</summary>
internal static class BookControl
{
    public static void Map(RouteGroupBuilder companies, World world)
    {
        companies.MapPost("", (CompanyWish wish) =>
        {
            TimeSpan offset = wish.OffsetHours is double hours ? TimeSpan.FromHours(hours) : QuickBooksWorld.DefaultOffset;
            Company company = world.QuickBooks.Open(wish.Realm, wish.Name ?? "A Company", offset);
            return Results.Json(new { realm = company.Realm, name = company.Name });
        });
        companies.MapGet("/{realm}/dump", (string realm) => With(world, realm, Dump));
        companies.MapPost("/{realm}/fill", (string realm, FillWish wish) => With(world, realm, company =>
        {
            var made = new Seeded(world.Options.Seed, $"books-{company.All(BookKind.Customer).Count()}");
            BookSeeding.Fill(company, made, wish.Customers ?? 0, wish.Invoices ?? 0, wish.Payments ?? 0);
            return Dump(company);
        }));
        companies.MapPost("/{realm}/capture-delay", (string realm, DelayWish wish) => With(world, realm, company =>
        {
            company.CaptureDelay = TimeSpan.FromSeconds(wish.Seconds);
            return [];
        }));
        companies.MapPost("/{realm}/{kind}", (string realm, string kind, JsonObject fields) => With(world, realm, company =>
            company.Create(KindOf(kind), fields.DeepClone().AsObject()).ToJson(company.Offset)));
        companies.MapPost("/{realm}/{kind}/{id}/edit", (string realm, string kind, string id, JsonObject changes) =>
            WithEntity(world, realm, KindOf(kind), id, (company, entity) => company.Edit(entity, changes)));
        companies.MapPost("/{realm}/{kind}/{id}/void", (string realm, string kind, string id) =>
            WithEntity(world, realm, KindOf(kind), id, (company, entity) => company.Void(entity)));
        companies.MapPost("/{realm}/{kind}/{id}/delete", (string realm, string kind, string id) =>
            WithEntity(world, realm, KindOf(kind), id, (company, entity) => company.Delete(entity)));
        companies.MapPost("/{realm}/customer/{id}/merge", (string realm, string id, MergeWish wish) =>
            WithEntity(world, realm, BookKind.Customer, id, (company, entity) =>
            {
                if (company.Find(BookKind.Customer, wish.Into) is BookEntity into && into != entity)
                {
                    company.Merge(entity, into);
                }
            }));
    }

    private static BookKind KindOf(string name) => Enum.Parse<BookKind>(name, ignoreCase: true);

    private static JsonObject Dump(Company company)
    {
        var dump = new JsonObject { ["realm"] = company.Realm, ["name"] = company.Name };
        foreach (BookKind kind in Enum.GetValues<BookKind>())
        {
            dump[kind.ToString()] = new JsonArray([.. company.All(kind).Select(entity => entity.ToJson(company.Offset))]);
        }

        dump["Deleted"] = new JsonArray([.. company.Graves.Select(grave =>
            new JsonObject { ["kind"] = grave.Kind.ToString(), ["Id"] = grave.Id })]);
        return dump;
    }

    private static IResult With(World world, string realm, Func<Company, JsonObject> act)
    {
        if (world.QuickBooks.Find(realm) is not Company company)
        {
            return Results.NotFound(new { problem = "no such company" });
        }

        lock (company.Gate)
        {
            return Answers.Json(act(company));
        }
    }

    private static IResult WithEntity(World world, string realm, BookKind kind, string id, Action<Company, BookEntity> act) =>
        With(world, realm, company =>
        {
            if (company.Find(kind, id) is not BookEntity entity)
            {
                return new JsonObject { ["problem"] = "no such entity" };
            }

            act(company, entity);
            return company.Find(kind, id)?.ToJson(company.Offset) ?? [];
        });

    internal sealed record CompanyWish(string Realm, string? Name, double? OffsetHours);

    internal sealed record FillWish(int? Customers, int? Invoices, int? Payments);

    /// <summary>How much later changes are seen by CDC, by the sandbox's clock.</summary>
    internal sealed record DelayWish(double Seconds);

    internal sealed record MergeWish(string Into);
}
