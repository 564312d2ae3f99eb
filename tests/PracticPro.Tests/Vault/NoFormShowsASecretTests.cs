using System.ComponentModel;
using System.Globalization;
using System.Runtime.Serialization;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging;
using PracticPro.Access;
using PracticPro.Kernel;
using PracticPro.Sync.Connections;
using PracticPro.Tests.Support;
using PracticPro.Tests.Web;
using PracticPro.Vault;
using PracticPro.Web.Pages;

namespace PracticPro.Tests.Vault;

/// <summary>Whatever a secret is and however it is turned into text: nothing of it is in the text.</summary>
[Trait("Promise", "CON-2")]
public sealed class NoFormShowsASecretTests
{
    private static readonly TenantId Tenant = TenantId.Parse("test-a");
    private static readonly DateTimeOffset Moment = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>Secrets of twelve characters and more: shorter ones turn up by chance.</summary>
    private static readonly Arbitrary<string> Contents = Gen.Elements("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789+/\"<é".ToCharArray())
        .ArrayOf()
        .Where(letters => letters.Length >= 12)
        .Select(letters => new string(letters))
        .ToArbitrary();

    private static readonly PersonId Id = PersonId.New(TimeProvider.System);

    [Fact]
    public void No_text_form_shows_a_secret() =>
        Prop.ForAll(Contents, content => Holders(content).All(holder => Texts(holder).All(text => !Shows(text, content))))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void No_log_line_shows_a_secret_whether_as_text_or_as_a_value() =>
        Prop.ForAll(Contents, content => Holders(content).All(holder => Logged(holder).All(line => !Shows(line, content))))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void No_serialiser_writes_a_secret_alone_or_as_part_of_another() =>
        Prop.ForAll(Contents, content => Unserialisable(content).All(holder => Serialised(holder).All(text => !Shows(text, content))))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_secret_is_not_read_from_JSON_either()
    {
        Assert.Throws<NotSupportedException>(() => JsonSerializer.Deserialize<SecretText>("\"x\"", JsonShapes.Stored));
        Assert.Throws<NotSupportedException>(() => JsonSerializer.Deserialize<PlainBytes>("\"eA==\"", JsonShapes.Stored));
        Assert.Throws<NotSupportedException>(() => JsonSerializer.Deserialize<Grant>("{}", JsonShapes.Stored));
    }

    [Fact]
    public void Two_secrets_are_equal_when_their_texts_are() =>
        Prop.ForAll(Contents, Contents, (one, other) =>
                new SecretText(one).Equals(new SecretText(string.Concat(one)))
                && new SecretText(one).Equals(new SecretText(other)) == (one == other)
                && SecretText.AreEqual(one, other) == (one == other))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_setting_becomes_a_secret_and_does_not_come_back()
    {
        var converter = TypeDescriptor.GetConverter(typeof(SecretText));

        Assert.Equal(new SecretText("of-a-setting"), converter.ConvertFromInvariantString("of-a-setting"));
        Assert.False(converter.CanConvertTo(typeof(string)));
    }

    private static IEnumerable<object> Holders(string content) =>
    [
        .. Unserialisable(content),
        new Person(Id, EmailAddress.Parse("a@b.example"), "A", content, "owner", Moment),
        SessionOf(content),
        new AccessFunctions.SignInRequest(content, content),
        new DescribeSession.Answer(new DescribeSession.PersonPart(Id, "A", "owner"), new DescribeSession.PracticePart(Tenant, "P"), content, Moment),
    ];

    /// <summary>Those that nothing stores and nothing sends.</summary>
    private static IEnumerable<object> Unserialisable(string content)
    {
        var text = new SecretText(content);
        return
        [
            text,
            new SecretBytes(Encoding.UTF8.GetBytes(content)),
            new PlainBytes(Encoding.UTF8.GetBytes(content)),
            new DataKey(1, new SecretBytes(Encoding.UTF8.GetBytes(content))),
            FleetHashing.KeysOf(Encoding.UTF8.GetBytes(content)),
            new Grant(new SecretBytes(Encoding.UTF8.GetBytes(content)), new SecretBytes(Encoding.UTF8.GetBytes(content)), Moment, []),
            new FinishConnection.Answer(content, content, content),
            new SignIn.Result(Tenant, text, SessionOf(content)),
            new SignedIn(Tenant, new Person(Id, EmailAddress.Parse("a@b.example"), "A", content, "owner", Moment), SessionOf(content)),
            new FrameView("T", "", "", "") { Csrf = content },
            new CreatePractice.Order("P", "practice-os", "A", "a@b.example", text),
            new Outcome<SecretText>(text),
            new Nest(text, new PlainBytes(Encoding.UTF8.GetBytes(content))),
        ];
    }

    private static Session SessionOf(string content) => new(Session.HashOf(content), Id, Moment, Moment, content);

    private static IEnumerable<string?> Texts(object holder)
    {
        yield return holder.ToString();
        yield return $"{holder} {holder,40} {holder:F}";
        yield return string.Format(CultureInfo.InvariantCulture, "{0}", holder);
        yield return string.Concat("a", holder);
        yield return new StringBuilder().Append(holder).Append(CultureInfo.InvariantCulture, $"{holder}").ToString();
        yield return Convert.ToString(holder, CultureInfo.InvariantCulture);
        yield return (holder, 1).ToString();
        yield return new { Token = holder }.ToString();
        yield return KeyValuePair.Create("token", holder).ToString();
        yield return new Nest(holder, holder).ToString();
        yield return new InvalidOperationException($"{holder}") { Data = { ["token"] = holder } }.ToString();
        yield return TypeDescriptor.GetConverter(holder) is { } converter && converter.CanConvertTo(typeof(string))
            ? converter.ConvertToInvariantString(holder)
            : null;
    }

    private static IReadOnlyList<string> Logged(object holder)
    {
        var kept = new KeptLog();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(kept).SetMinimumLevel(LogLevel.Trace));
        var logger = factory.CreateLogger("test");
#pragma warning disable CA1848, CA2254, CA1873 // What the program must not do is what is tried here.
        using var scope = logger.BeginScope(holder);
        logger.LogError(new InvalidOperationException($"{holder}"), "token {Token} and {@Token2}", holder, holder);
        logger.Log(LogLevel.Trace, default, holder, null, static (state, _) => $"{state}");
#pragma warning restore CA1848, CA2254, CA1873
        return kept.Lines;
    }

    private static IEnumerable<string> Serialised(object holder)
    {
        yield return Tried(() => JsonSerializer.Serialize(holder, holder.GetType(), JsonShapes.Stored));
        yield return Tried(() => JsonSerializer.Serialize(new { Token = holder }, JsonShapes.Stored));
        yield return Tried(() => JsonSerializer.Serialize(new Dictionary<string, object> { ["token"] = holder }));
        yield return Tried(() => Xml(holder));
        if (holder is SecretText or SecretBytes or PlainBytes or DataKey or PlatformKeys)
        {
            // The other serialiser of the process knows no attribute of ours: what guards from it is that there is nothing to see.
            yield return Tried(() => Newtonsoft.Json.JsonConvert.SerializeObject(holder));
            yield return Tried(() => Newtonsoft.Json.JsonConvert.SerializeObject(new Nest(holder, holder)));
        }
    }

    private static string Tried(Func<string> serialise)
    {
        try
        {
            return serialise();
        }
        catch (Exception refused) when (refused is NotSupportedException or InvalidOperationException or SerializationException or InvalidDataContractException
            or Newtonsoft.Json.JsonException)
        {
            return refused.ToString();
        }
    }

    private static string Xml(object holder)
    {
        using var stream = new MemoryStream();
        new DataContractSerializer(holder.GetType()).WriteObject(stream, holder);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static bool Shows(string? text, string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        string[] forms =
        [
            content, Convert.ToBase64String(bytes).TrimEnd('=')[..^1], Convert.ToHexString(bytes), Convert.ToHexStringLower(bytes),
            JsonSerializer.Serialize(content).Trim('"'), string.Join(',', bytes), Uri.EscapeDataString(content),
        ];
        return text is not null && forms.Any(form => text.Contains(form, StringComparison.Ordinal));
    }

    private sealed record Nest(object One, object Other);
}
