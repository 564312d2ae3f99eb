using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using PracticPro.Egress;

namespace PracticPro.Hosting.OnAzure;

/// <summary>How the program signs in to the platform's services: as itself, never by a key or a password.</summary>
internal static class AppIdentity
{
    private const string EndpointVariable = "IDENTITY_ENDPOINT";

    /// <summary>
    /// The managed identity the program runs under; tokens come from the endpoint the platform puts beside it.
    /// </summary>
    /// <param name="client">Which identity, where it has several; null for the only one.</param>
    /// <exception cref="ArgumentException">The platform's endpoint is neither on this machine nor on its link.</exception>
    public static TokenCredential Managed(string? client)
    {
        var signIn = new ManagedIdentityCredentialOptions(
            client is null ? ManagedIdentityId.SystemAssigned : ManagedIdentityId.FromUserAssignedClientId(client));

#pragma warning disable RS0030 // A variable and no setting: the library reads it there itself, and both must mean one place.
        var said = Environment.GetEnvironmentVariable(EndpointVariable);
#pragma warning restore RS0030
        if (Uri.TryCreate(said, UriKind.Absolute, out var endpoint))
        {
            signIn.Transport = new HttpClientTransport(PlatformDoor.Identity(endpoint));
        }

        return new ManagedIdentityCredential(signIn);
    }
}
