using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace PracticPro.Tests.Canaries;

/// <summary>The scan finds what is planted, however it is written and wherever it lies; else its silence means nothing.</summary>
public sealed class CanaryScanTests
{
    private const string Canary = "kanarivogel-Zoë+7/<x>9&q";

    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    public static TheoryData<string, byte[]> Planted
    {
        get
        {
            var utf8 = Encoding.UTF8.GetBytes(Canary);
            var data = new TheoryData<string, byte[]>
            {
                { "UTF-8", utf8 },
                { "UTF-16", Encoding.Unicode.GetBytes(Canary) },
                { "hex", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(utf8)) },
                { "HEX", Encoding.ASCII.GetBytes(Convert.ToHexString(utf8)) },
                { "HEX in UTF-16", Encoding.Unicode.GetBytes(Convert.ToHexString(utf8)) },
                { "an address", Encoding.ASCII.GetBytes(Uri.EscapeDataString(Canary)) },
                { "a form", Encoding.ASCII.GetBytes(WebUtility.UrlEncode(Canary)) },
                { "JSON", JsonSerializer.SerializeToUtf8Bytes(new { subject = Canary }) },
                { "HTML", Encoding.UTF8.GetBytes(System.Text.Encodings.Web.HtmlEncoder.Default.Encode(Canary)) },
            };
            for (var before = 0; before < 4; before++)
            {
                for (var after = 0; after < 3; after++)
                {
                    byte[] around = [.. RandomNumberGenerator.GetBytes(before), .. utf8, .. RandomNumberGenerator.GetBytes(after)];
                    data.Add($"base64 {before} {after}", Encoding.ASCII.GetBytes(Convert.ToBase64String(around)));
                    data.Add($"base64url {before} {after}", Encoding.ASCII.GetBytes(System.Buffers.Text.Base64Url.EncodeToString(around)));
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Planted))]
    public void A_canary_is_found_in_each_spelling(string spelling, byte[] planted)
    {
        var scan = Scan();

        var found = scan.In("here", [.. RandomNumberGenerator.GetBytes(100), .. planted, .. RandomNumberGenerator.GetBytes(100)]);

        Assert.True(found.Count > 0, spelling);
        Assert.All(found, one => Assert.Equal("canary", one.Canary));
    }

    [Fact]
    public void A_key_is_found_raw_and_as_text()
    {
        var scan = Scan();

        Assert.Equal("key", Assert.Single(scan.In("here", Key)).Canary);
        Assert.NotEmpty(scan.In("here", Encoding.ASCII.GetBytes($"{{\"k\":\"{Convert.ToBase64String(Key)}\"}}")));
        Assert.NotEmpty(scan.In("here", Encoding.Unicode.GetBytes(Convert.ToBase64String(Key))));
    }

    [Fact]
    public void Nothing_is_found_where_nothing_was_planted()
    {
        var scan = Scan();

        Assert.Empty(scan.In("here", RandomNumberGenerator.GetBytes(1 << 20)));
        Assert.Equal(1 << 20, scan.Looked);
    }

    [Fact]
    public void It_does_not_matter_where_a_piece_ends() =>
        Prop.ForAll(Gen.Choose(0, 200).ToArbitrary(), Gen.Choose(1, 97).ToArbitrary(), (at, step) =>
        {
            var bytes = new byte[400];
            Encoding.UTF8.GetBytes(Canary).CopyTo(bytes, at);
            var scan = Scan();
            return scan.In("here", 0, bytes.Length, (buffer, from) =>
            {
                // A reader that gives what it likes, and never less than is looked back.
                var count = Math.Min(buffer.Length, Math.Min(bytes.Length - (int)from, 250 + step));
                bytes.AsMemory((int)from, count).CopyTo(buffer);
                return count;
            }).Any(one => one.Offset == at);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_canary_that_chance_could_make_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Scan().AddText("short", "seven77"));

    private static CanaryScan Scan()
    {
        var scan = new CanaryScan();
        scan.AddText("canary", Canary);
        scan.AddBytes("key", Key);
        return scan;
    }
}
