using Microsoft.Azure.Cosmos;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>Which account this is, and which its records say that it is; hosts, with a port where that is not the usual one.</summary>
/// <param name="Origin">Null: they do not say.</param>
internal sealed record AccountStanding(string Here, string? Origin)
{
    /// <summary>The records are another account's, or nobody knows whose.</summary>
    public bool IsCopy => Origin != Here;
}

/// <summary>
/// One item of the fleet, <c>account</c>, that says which account the records are of. A point-in-time restore always makes
/// a new account, with another host and with this item in it as it was: so a restored copy is known by the item, and is
/// not opened before what was erased since is erased there again (decision 0024).
/// </summary>
internal sealed class AccountOrigin(CosmosAccount account, CosmosCalls calls, CosmosOptions options)
{
    private const string Kind = "account";
    private const string Host = "host";

    private const string Copy =
        "this is a restored copy of another account, and what was erased there since must be erased here again first: "
        + "run backup erasures with the other account's endpoint, then restore release --erasures FILE with this one";

    private const string Unclear =
        "there are records here, and nothing says of which account: they are taken for a restored copy, and what was erased "
        + "since must be erased again first: restore release --erasures FILE";

    private static readonly PartitionKey Partition = new(Kind);

    /// <exception cref="StorageUnavailableException">The account does not answer.</exception>
    public async Task<AccountStanding> ReadAsync(CancellationToken cancellation) =>
        new(await HereAsync(cancellation), await OriginAsync(cancellation));

    /// <summary>Makes the item where the account is new and empty; otherwise it must name this account.</summary>
    /// <exception cref="CosmosLayoutException">It is a restored copy, or may be one.</exception>
    /// <exception cref="StorageUnavailableException">The account does not answer.</exception>
    public async Task HoldAsync(CancellationToken cancellation)
    {
        var standing = await ReadAsync(cancellation);
        if (standing.Origin is null)
        {
            if (await IsEmptyAsync(cancellation))
            {
                using var answer = await calls.AskAsync(
                    Kind,
                    token => account.Fleet.CreateItemStreamAsync(Placements.Body(Item(standing.Here)), Partition, null, token),
                    cancellation);
            }

            // Another process may have made it in between, and stored something already.
            standing = standing with { Origin = await OriginAsync(cancellation) };
        }

        if (standing.IsCopy)
        {
            throw new CosmosLayoutException([standing.Origin is null ? Unclear : Copy]);
        }
    }

    /// <summary>The records are this account's from now on. The last step of a release: all else must be done.</summary>
    /// <exception cref="StorageUnavailableException">The account does not answer, or the item cannot be written.</exception>
    public async Task TakeOverAsync(CancellationToken cancellation)
    {
        var here = await HereAsync(cancellation);
        using var answer = await calls.AskAsync(
            Kind,
            token => account.Fleet.UpsertItemStreamAsync(Placements.Body(Item(here)), Partition, null, token),
            cancellation);
        if (!answer.IsSuccessStatusCode)
        {
            throw CosmosTrouble.Explain(answer.StatusCode, 0);
        }
    }

    /// <summary>
    /// The host that names the account: of a regional address (<c>NAME-REGION.documents.azure.com</c>) the global one.
    /// Source: https://learn.microsoft.com/azure/cosmos-db/nosql/tutorial-global-distribution
    /// </summary>
    /// <param name="name">As the account itself says.</param>
    internal static string HostOf(Uri endpoint, string name)
    {
        var host = endpoint.Authority.ToLowerInvariant();
        var label = host.Split('.')[0];
        return name.Length > 0 && label.StartsWith(name.ToLowerInvariant() + "-", StringComparison.Ordinal)
            ? name.ToLowerInvariant() + host[label.Length..]
            : host;
    }

    private static ReadOnlyMemory<byte> Item(string host) =>
        ItemText.OfFleet(Kind, Kind, Kind, WriteId.New(), json => json.WriteString(Host, host));

    private async Task<string?> OriginAsync(CancellationToken cancellation) =>
        (await calls.ReadAsync(account.Fleet, Partition, Kind, cancellation))?.Text(Host);

    private async Task<string> HereAsync(CancellationToken cancellation)
    {
        var properties = await AroundAsync(account.Client.ReadAccountAsync, cancellation);
        return HostOf(options.Home, properties.Id ?? "");
    }

    // Tenants are registered before they write, but a restore may bring some containers and not others.
    private async Task<bool> IsEmptyAsync(CancellationToken cancellation) =>
        await IsEmptyAsync(account.Fleet, cancellation) && await IsEmptyAsync(account.Records(HomeName.Shared), cancellation);

    private async Task<bool> IsEmptyAsync(Container container, CancellationToken cancellation)
    {
        foreach (var range in await AroundAsync(() => container.GetFeedRangesAsync(cancellation), cancellation))
        {
            string? place = null;
            while (true)
            {
                var (rows, next) = await calls.ChangesAsync(container, range, place, 1, cancellation);
                if (rows is null)
                {
                    break;
                }

                if (rows.Count > 0)
                {
                    return false;
                }

                place = next;
            }
        }

        return true;
    }

    private static async Task<T> AroundAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await call();
        }
        catch (Exception thrown) when (CosmosTrouble.StatusOf(thrown, cancellation) is { } trouble)
        {
            throw CosmosTrouble.Explain(trouble.Status, trouble.SubStatus);
        }
    }
}
