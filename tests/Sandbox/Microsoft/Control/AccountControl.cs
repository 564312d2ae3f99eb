using System.Text;
using PracticPro.Sandbox.Mail;
using PracticPro.Sandbox.Microsoft.Mail;

namespace PracticPro.Sandbox.Microsoft.Control;

/// <summary>Adds accounts, puts mail into them, moves and deletes it as its owner does, and shows what is there.</summary>
internal static class AccountControl
{
    public static void Map(RouteGroupBuilder accounts, MicrosoftWorld world)
    {
        accounts.MapPost("", (AccountWish wish) => Add(world, wish));
        accounts.MapGet("/{address}/dump", (string address) =>
            MicrosoftControl.With(world, address, account => AccountDump.Of(account)));
        accounts.MapGet("/{address}/calendar", (string address, DateTimeOffset from, DateTimeOffset to) =>
            MicrosoftControl.With(world, address, account => AccountDump.Of(account, from, to)));
        accounts.MapPost("/{address}/deliver", (string address, LetterWish wish) =>
            MicrosoftControl.With(world, address, account => Deliver(account, wish)));
        accounts.MapPost("/{address}/expire-deltas", (string address, ExpireWish? wish) =>
            MicrosoftControl.With(world, address, account =>
            {
                account.Deltas.Expire(wish?.Scope);
                return new { account.Revision };
            }));
        accounts.MapPost("/{address}/folders", (string address, FolderWish wish) =>
            MicrosoftControl.With(world, address, account => account.Mail.AddFolder(
                wish.Name, account.Mail.FindFolder(wish.Parent)?.Key ?? account.Mail.Root) is var folder
                ? new { id = folder.Key } : null));
        accounts.MapDelete("/{address}/folders/{folder}", (string address, string folder) =>
            MicrosoftControl.With(world, address, account =>
            {
                if (account.Mail.FindFolder(folder) is OutlookFolder found)
                {
                    account.Mail.DeleteFolder(found);
                }

                return new { account.Revision };
            }));
        accounts.MapPost("/{address}/messages/{id}/move", (string address, string id, MoveWish wish) =>
            WithMessage(world, address, id, (account, message) =>
                account.Mail.Move(message, account.Mail.FindFolder(wish.To)!)));
        accounts.MapPost("/{address}/messages/{id}/delete", (string address, string id) =>
            WithMessage(world, address, id, (account, message) => account.Mail.Delete(message)));
        accounts.MapPost("/{address}/messages/{id}/erase", (string address, string id) =>
            WithMessage(world, address, id, (account, message) => account.Mail.Erase(message)));
        accounts.MapPost("/{address}/messages/{id}/change", (string address, string id, ChangeWish wish) =>
            WithMessage(world, address, id, (account, message) => Change(account, message, wish)));
    }

    /// <summary>Puts one letter into a folder: now, and with a notice.</summary>
    public static object Deliver(OutlookAccount account, LetterWish wish)
    {
        OutlookFolder folder = account.Mail.FindFolder(wish.Folder ?? OutlookMailbox.Inbox)!;
        DateTimeOffset now = account.Clock.GetUtcNow();
        Seeded chance = account.Made.For($"delivery {account.Revision}");
        CorpusMessage mail = wish.Raw is string raw
            ? MailFolder.Message("delivered", Convert.FromBase64String(raw))
            : wish.Subject is null && wish.From is null
                ? GeneratedMail.One(account.Address, chance, now, "delivered")
                : Written(account, wish, chance.Token(18), now);
        OutlookMessage message = account.Mail.Add(mail, folder, now, wish.IsRead ?? false);
        return new
        {
            id = message.Key.Rest,
            immutableId = message.Key.Immutable,
            conversationId = message.Conversation,
            rfc822MessageId = mail.Envelope.MessageId?.Value,
        };
    }

    private static CorpusMessage Written(OutlookAccount account, LetterWish wish, string id, DateTimeOffset now)
    {
        var letter = new Letter(
            wish.From ?? "Ada <ada@mail.example>", account.Address, wish.Subject ?? "", wish.Text ?? "x")
        {
            MessageId = $"{id}@mail.example",
            Date = now,
            InReplyTo = wish.InReplyTo,
        };
        return MailFolder.Message("delivered", Encoding.UTF8.GetBytes(letter.Write()));
    }

    private static IResult Add(MicrosoftWorld world, AccountWish wish)
    {
        OutlookAccount account = world.Accounts.Open(wish.Address);
        return MicrosoftControl.With(world, account.Address, _ =>
        {
            OutlookSeeding.Fill(account, GeneratedMail.Make(
                account.Address, wish.Count ?? 0, account.Made.For("generated"), account.Clock.GetUtcNow()));
            return new { account.Address, messages = account.Mail.Messages.Count() };
        });
    }

    private static void Change(OutlookAccount account, OutlookMessage message, ChangeWish wish)
    {
        string[] touched =
        [
            .. wish.IsRead is null ? [] : (string[])["isRead"], .. wish.Flag is null ? [] : (string[])["flag"],
            .. wish.Categories is null ? [] : (string[])["categories"],
        ];
        account.Mail.Change(message, changed =>
        {
            changed.IsRead = wish.IsRead ?? changed.IsRead;
            changed.Flag = wish.Flag ?? changed.Flag;
            changed.Categories = wish.Categories ?? changed.Categories;
        }, touched);
    }

    private static IResult WithMessage(
        MicrosoftWorld world, string address, string id, Action<OutlookAccount, OutlookMessage> act) =>
        MicrosoftControl.With(world, address, account =>
        {
            if (account.Mail.Find(id) is not OutlookMessage message)
            {
                return null;
            }

            act(account, message);
            return new { id = message.Key.Rest, immutableId = message.Key.Immutable };
        });

    /// <summary>Count of generated letters to begin with.</summary>
    internal sealed record AccountWish(string Address, int? Count);

    /// <summary>Raw is base64; without it a letter is written from the rest, and made up without that.</summary>
    internal sealed record LetterWish(
        string? Raw, string? From, string? Subject, string? Text, string? InReplyTo, string? Folder, bool? IsRead);

    /// <summary>Scope as "messages ID", "mailFolders" or "calendarView"; none for all.</summary>
    internal sealed record ExpireWish(string? Scope);

    internal sealed record FolderWish(string Name, string? Parent);

    /// <summary>An id or a well-known name.</summary>
    internal sealed record MoveWish(string To);

    internal sealed record ChangeWish(bool? IsRead, string? Flag, string[]? Categories);
}
