using PracticPro.Sandbox.Gmail;
using PracticPro.Sandbox.Mail;

namespace PracticPro.Sandbox.Control;

/// <summary>
/// Adds, fills, empties and inspects mailboxes, and changes single messages behind the client's back.
/// </summary>
internal static class MailboxControl
{
    public static void Map(RouteGroupBuilder mailboxes, World world)
    {
        mailboxes.MapGet("", () => Results.Json(world.Mailboxes.All.Select(MailboxView.Of)));
        mailboxes.MapPost("", (MailboxWish wish) => Add(world, wish));
        mailboxes.MapDelete("/{address}", (string address) =>
            world.Mailboxes.Remove(address) ? Results.NoContent() : Results.NotFound());
        mailboxes.MapGet("/{address}/dump", (string address) =>
            With(world, address, mailbox => MailboxDump.Of(mailbox)));
        mailboxes.MapPost("/{address}/deliver", (string address, DeliverWish wish) =>
            With(world, address, mailbox => Delivery.Run(mailbox, wish)));
        mailboxes.MapPost("/{address}/empty", (string address) => With(world, address, Empty));
        mailboxes.MapPost("/{address}/expire-history", (string address) => With(world, address, Expire));
        mailboxes.MapPost("/{address}/search-delay", (string address, SearchDelayWish wish) =>
            With(world, address, mailbox =>
            {
                mailbox.SearchDelay = TimeSpan.FromSeconds(wish.Seconds);
                return wish;
            }));
        mailboxes.MapPost("/{address}/labels", (string address, LabelWish wish) => With(world, address, mailbox =>
        {
            string label = $"Label_{mailbox.UserLabels.Count + 1}";
            mailbox.UserLabels.Add(label, wish.Name);
            return new { id = label, name = wish.Name };
        }));
        mailboxes.MapPut("/{address}/labels/{id}", (string address, string id, LabelWish wish) =>
            With(world, address, mailbox =>
            {
                mailbox.UserLabels[id] = wish.Name;
                return new { id, name = wish.Name };
            }));
        mailboxes.MapPut("/{address}/aliases/{alias}", (string address, string alias, AliasWish wish) =>
            With(world, address, mailbox =>
                mailbox.Aliases[alias] = new SendAsAlias(alias, wish.DisplayName ?? "", wish.Verified ?? false)));
        mailboxes.MapDelete("/{address}/aliases/{alias}", (string address, string alias) =>
            With(world, address, mailbox => new { removed = mailbox.Aliases.Remove(alias) }));
        mailboxes.MapPost("/{address}/messages/{id}/delete", (string address, string id) =>
            WithMessage(world, address, id, (mailbox, message) =>
            {
                mailbox.Drafts.Forget(message);
                mailbox.Delete(message);
            }));
        mailboxes.MapPost("/{address}/messages/{id}/trash", (string address, string id) =>
            WithMessage(world, address, id, (mailbox, message) =>
            {
                mailbox.AddLabels(message, [Labels.Trash]);
                mailbox.RemoveLabels(message, [Labels.Inbox]);
            }));
        mailboxes.MapPost("/{address}/messages/{id}/labels", (string address, string id, LabelsWish wish) =>
            WithMessage(world, address, id, (mailbox, message) =>
            {
                mailbox.AddLabels(message, wish.Add ?? []);
                mailbox.RemoveLabels(message, wish.Remove ?? []);
            }));
    }

    private static IResult Add(World world, MailboxWish wish)
    {
        Mailbox mailbox = world.Mailboxes.Open(wish.Address);
        lock (mailbox.Gate)
        {
            DateTimeOffset now = mailbox.Clock.GetUtcNow();
            MailboxSeeding.Fill(mailbox, wish.From == "mail"
                ? [.. world.Mail.Take(wish.Count ?? world.Mail.Count)]
                : GeneratedMail.Make(mailbox.Address, wish.Count ?? 0, mailbox.Made.For("generated"), now));
            return Results.Json(MailboxView.Of(mailbox));
        }
    }

    private static object Empty(Mailbox mailbox)
    {
        foreach (StoredMessage message in mailbox.NewestToOldest.ToArray())
        {
            mailbox.Drafts.Forget(message);
            mailbox.Delete(message);
        }

        return MailboxView.Of(mailbox);
    }

    private static object Expire(Mailbox mailbox)
    {
        // One step on, so that even a client that is up to date falls out of the window.
        mailbox.History.Skip();
        mailbox.History.Expire();
        return MailboxView.Of(mailbox);
    }

    private static IResult With(World world, string address, Func<Mailbox, object> act)
    {
        if (world.Mailboxes.Find(address) is not Mailbox mailbox)
        {
            return Results.NotFound(new { problem = "no such mailbox" });
        }

        lock (mailbox.Gate)
        {
            return Results.Json(act(mailbox));
        }
    }

    private static IResult WithMessage(World world, string address, string id, Action<Mailbox, StoredMessage> act) =>
        With(world, address, mailbox =>
        {
            if (mailbox.Find(MessageId.Parse(id)) is StoredMessage message)
            {
                act(mailbox, message);
            }

            return MailboxView.Of(mailbox);
        });

    /// <summary>From: "generated" (default) letters, or the loaded "mail"; Count of them.</summary>
    internal sealed record MailboxWish(string Address, int? Count, string? From);

    /// <summary>How long new mail is kept out of searches, by the sandbox's clock.</summary>
    internal sealed record SearchDelayWish(double Seconds);

    internal sealed record LabelWish(string Name);

    /// <summary>Verified: false when absent, as an alias begins.</summary>
    internal sealed record AliasWish(string? DisplayName, bool? Verified);

    internal sealed record LabelsWish(string[]? Add, string[]? Remove);
}
