using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using PracticPro.Egress;

namespace PracticPro.Tests.CosmosDouble;

public sealed class ControlTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Faults_splits_and_counts_are_there_for_another_process_too()
    {
        await using var rig = await CosmosRig.StartAsync();
        using var control = Control(rig);

        var added = await control.PostAsync(
            "/_double/faults",
            JsonContent.Create(new { act = "status", kind = "point", method = "POST", status = 429, retryAfterMilliseconds = 9 }),
            Cancellation);
        var refused = await PointTests.RefusedAsync(HttpStatusCode.TooManyRequests, () => rig.PutAsync("anna", 1));
        await rig.PutAsync("anna", 1);
        var split = await control.PostAsync(
            "/_double/splits", JsonContent.Create(new { database = "practice", container = "items" }), Cancellation);
        var counts = await control.GetFromJsonAsync<JsonObject>("/_double/requests", Cancellation);

        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        Assert.Equal(TimeSpan.FromMilliseconds(9), refused.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, split.StatusCode);
        Assert.Equal(["1", "2"], rig.Server.Ranges("practice", "items"));
        Assert.Equal(2, (int)counts!["counts"]!["point"]!);
    }

    [Fact]
    public async Task A_fault_that_is_not_understood_is_refused()
    {
        await using var rig = await CosmosRig.StartAsync();
        using var control = Control(rig);

        var unknown = await control.PostAsync("/_double/faults", JsonContent.Create(new { act = "explode" }), Cancellation);
        var misspelt = await control.PostAsync("/_double/faults", JsonContent.Create(new { act = "stall", secs = 1 }), Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, misspelt.StatusCode);
    }

    private static HttpClient Control(CosmosRig rig)
    {
        var authority = X509CertificateLoader.LoadCertificateFromFile(rig.Server.Authority.CertificatePath);
        var client = PlatformDoor.ClientOver(PlatformDoor.Only(rig.Server.Endpoint, authority));
        client.BaseAddress = rig.Server.Endpoint;
        return client;
    }
}
