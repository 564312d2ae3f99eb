using System.Text.Json;
using Azure;
using Azure.Core;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using PracticPro.Kernel;
using PracticPro.Storage.Drivers.StorageAccount;

namespace PracticPro.Storage.Drivers.AzureQueues;

/// <summary>
/// The platform's queues in a storage account, as the Functions host reads them: JSON in base64, poison ones in a queue
/// beside. The encoding is done here and not by the client, which would refuse a whole batch for one message that somebody
/// else put there. Messages never expire by themselves (the service's own default is seven days).
/// </summary>
internal sealed class AzureQueues : IWebhookBuffer, IPlatformQueues
{
    /// <summary>Most the service hands out at once.</summary>
    private const int MostAtOnce = 32;

    private static readonly TimeSpan Never = TimeSpan.FromSeconds(-1);
    private static readonly TimeSpan ReplayHold = TimeSpan.FromMinutes(1);

    private readonly QueueServiceClient service;

    private AzureQueues(QueueServiceClient service) => this.service = service;

    public bool IsThere => true;

    public IReadOnlyList<string> Names => PlatformQueues.All;

    /// <summary>Opens the account and sees that its queues are there.</summary>
    /// <param name="doors">Makes a handler that leads to one address and nowhere else.</param>
    /// <exception cref="StorageUnavailableException">The account cannot be used, or a queue is missing.</exception>
    public static async Task<AzureQueues> OpenAsync(
        AzureQueueOptions options, TokenCredential credential, Func<Uri, HttpMessageHandler> doors, CancellationToken cancellation)
    {
        var home = new Uri(options.Endpoint);
        var settings = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None };
        var queues = new AzureQueues(
            new QueueServiceClient(home, credential, settings.Through(doors(home), options.Patience, options.Retries)));
        foreach (var queue in PlatformQueues.All.SelectMany(static queue => (string[])[queue, queue + PlatformQueues.Poison]))
        {
            await queues.AroundAsync(
                queue,
                async client => options.CreateMissing
                    ? await client.CreateIfNotExistsAsync(cancellationToken: cancellation)
                    : (await client.GetPropertiesAsync(cancellation)).GetRawResponse(),
                cancellation);
        }

        return queues;
    }

    public async ValueTask<bool> KeepAsync(BufferedWebhook webhook, TimeSpan rest, CancellationToken cancellation)
    {
        var text = Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(webhook, JsonShapes.Stored));
        await AroundAsync(PlatformQueues.WebhookBuffer, client => client.SendMessageAsync(text, rest, Never, cancellation), cancellation);
        return true;
    }

    public async ValueTask<IReadOnlyList<WebhookDelivery>> ReceiveAsync(int limit, TimeSpan hold, CancellationToken cancellation)
    {
        var messages = await AroundAsync(
            PlatformQueues.WebhookBuffer,
            client => client.ReceiveMessagesAsync(Math.Clamp(limit, 1, MostAtOnce), hold, cancellation),
            cancellation);
        return
        [
            .. messages.Value.Select(static message => new WebhookDelivery(
                Read(message.MessageText), message.DequeueCount, new WebhookReceipt(message.MessageId, message.PopReceipt, message.MessageText))),
        ];
    }

    public async ValueTask CompleteAsync(WebhookReceipt receipt, CancellationToken cancellation) => await AroundAsync(
        PlatformQueues.WebhookBuffer, client => RemoveAsync(client, receipt.Message, receipt.Proof, cancellation), cancellation);

    public async ValueTask GiveUpAsync(WebhookReceipt receipt, CancellationToken cancellation)
    {
        // First there, then gone here: a crash in between leaves it twice and not never.
        await AroundAsync(
            PlatformQueues.WebhookBufferPoison, client => client.SendMessageAsync(receipt.Text, TimeSpan.Zero, Never, cancellation), cancellation);
        await CompleteAsync(receipt, cancellation);
    }

    public async ValueTask<long> CountPoisonAsync(string queue, CancellationToken cancellation)
    {
        var properties = await AroundAsync(
            queue + PlatformQueues.Poison, client => client.GetPropertiesAsync(cancellation), cancellation);
        return properties.Value.ApproximateMessagesCountLong;
    }

    public async ValueTask<int> ReplayPoisonAsync(string queue, CancellationToken cancellation)
    {
        // No more than there were at the start: what goes bad again meanwhile stays for the next time.
        var left = await CountPoisonAsync(queue, cancellation);
        var replayed = 0;
        while (replayed < left)
        {
            var messages = await AroundAsync(
                queue + PlatformQueues.Poison,
                client => client.ReceiveMessagesAsync((int)Math.Min(MostAtOnce, left - replayed), ReplayHold, cancellation),
                cancellation);
            if (messages.Value.Length == 0)
            {
                break;
            }

            foreach (var message in messages.Value)
            {
                await AroundAsync(queue, client => client.SendMessageAsync(message.MessageText, TimeSpan.Zero, Never, cancellation), cancellation);
                await AroundAsync(
                    queue + PlatformQueues.Poison,
                    client => RemoveAsync(client, message.MessageId, message.PopReceipt, cancellation),
                    cancellation);
                replayed++;
            }
        }

        return replayed;
    }

    private static async Task<bool> RemoveAsync(QueueClient client, string message, string proof, CancellationToken cancellation)
    {
        try
        {
            await client.DeleteMessageAsync(message, proof, cancellation);
            return true;
        }
        catch (RequestFailedException gone) when (gone.ErrorCode == QueueErrorCode.MessageNotFound || gone.ErrorCode == QueueErrorCode.PopReceiptMismatch)
        {
            // Its hold ended, and somebody else has it or had it.
            return false;
        }
    }

    private static BufferedWebhook? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<BufferedWebhook>(Convert.FromBase64String(text), JsonShapes.Stored);
        }
        catch (Exception foreign) when (foreign is JsonException or FormatException)
        {
            return null;
        }
    }

    private ValueTask<T> AroundAsync<T>(string queue, Func<QueueClient, Task<T>> work, CancellationToken cancellation) =>
        AccountTrouble.AroundAsync(() => work(service.GetQueueClient(queue)), cancellation);
}
