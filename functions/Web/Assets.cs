using System.Reflection;
using System.Security.Cryptography;

namespace PracticPro.Web;

/// <summary>
/// The two files the pages need, carried in the program. Their addresses hold a hash of their content, so that browsers
/// keep them for good and never keep an old one.
/// </summary>
internal static class Assets
{
    private static readonly Asset StyleFile = Asset.Read("style.css", "text/css; charset=utf-8");
    private static readonly Asset IconFile = Asset.Read("icon.svg", "image/svg+xml");

    public static string Style => StyleFile.Address;

    public static string Icon => IconFile.Address;

    public static void MapAssets(this IEndpointRouteBuilder routes)
    {
        foreach (var asset in new[] { StyleFile, IconFile })
        {
            Access.RequirementConventions.AllowAnyone(
                routes.MapGet($"/{asset.Name}", asset.Answer), "The look of the pages, the same for everybody.");
        }
    }

    private sealed record Asset(string Name, string MediaType, byte[] Content)
    {
        public string Address { get; } = $"/{Name}?v={Convert.ToHexStringLower(SHA256.HashData(Content).AsSpan(0, 6))}";

        public static Asset Read(string name, string mediaType)
        {
            using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
                ?? throw new InvalidOperationException($"The program was built without {name}.");
            using var content = new MemoryStream();
            stream.CopyTo(content);
            return new Asset(name, mediaType, content.ToArray());
        }

        public IResult Answer(HttpResponse response)
        {
            response.Headers.CacheControl = "public, max-age=31536000, immutable";
            return Results.Bytes(Content, MediaType);
        }
    }
}
