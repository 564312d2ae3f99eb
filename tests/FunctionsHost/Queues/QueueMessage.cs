namespace PracticPro.FunctionsHost.Queues;

/// <summary>One message as the service gives it out.</summary>
/// <param name="Text">As it was put: the service knows nothing of encodings.</param>
/// <param name="DequeueCount">How often it was taken, this time included.</param>
/// <param name="VisibleAt">When others may take it.</param>
internal sealed record QueueMessage(
    string Id, string Text, DateTimeOffset InsertedAt, DateTimeOffset ExpiresAt, DateTimeOffset VisibleAt, int DequeueCount,
    string PopReceipt);
