namespace PracticPro.Tests.Architecture;

/// <summary>There is one way out, and one way to be let out (APR-1).</summary>
[Trait("Promise", "APR-1")]
public sealed class OneWayOutTests
{
    [Fact]
    public void Only_the_egress_door_makes_an_http_client()
    {
        var makers = Compiled.CallersOf("System.Net.Http.HttpClient::.ctor").ToList();

        Assert.Contains(makers, method => Room.Of(method.DeclaringType.FullName)!.Name == "Egress");

        // The demo is a person at a browser, not the program: it talks to the program's own address.
        Assert.All(makers, method => Assert.True(
            Room.Of(method.DeclaringType.FullName)!.Name == "Egress"
                || method.DeclaringType.FullName.StartsWith("PracticPro.Cli.Demo.", StringComparison.Ordinal),
            method.FullName));
    }

    [Fact]
    public void Only_the_egress_door_opens_a_socket_outward()
    {
        string[] ways =
        [
            "System.Net.Sockets.Socket::.ctor", "System.Net.Sockets.TcpClient::.ctor", "System.Net.WebRequest::",
            "System.Net.Http.SocketsHttpHandler::.ctor", "System.Net.Http.HttpClientHandler::.ctor", "System.Net.Mail.SmtpClient::",
            "System.Net.WebSockets.ClientWebSocket::.ctor",
        ];
        var openers = ways.SelectMany(Compiled.CallersOf).ToList();

        Assert.NotEmpty(openers);
        Assert.All(openers, method => Assert.True(
            method.DeclaringType.FullName.StartsWith("PracticPro.Egress.", StringComparison.Ordinal)
                || method.DeclaringType.FullName.StartsWith("PracticPro.Cli.Demo.", StringComparison.Ordinal),
            method.FullName));
    }

    [Fact]
    public void Only_the_approval_workflow_mints_a_send_permit()
    {
        var minters = Compiled.CallersOf("PracticPro.Egress.SendPermit::Mint").ToList();

        var minter = Assert.Single(minters);
        Assert.Equal("PracticPro.Approvals.SendApproved", minter.DeclaringType.FullName.Split('/')[0]);
    }

    [Fact]
    public void Only_the_approval_workflow_asks_a_mailbox_to_draft_or_send()
    {
        var askers = Compiled.CallersOf("PracticPro.Sync.Published.IMailSender::CreateDraftAsync")
            .Concat(Compiled.CallersOf("PracticPro.Sync.Published.IMailSender::SendDraftAsync"))
            .Select(method => method.DeclaringType.FullName.Split('/')[0])
            .Distinct();

        Assert.Equal(["PracticPro.Approvals.SendApproved"], askers);
    }

    [Fact]
    public void Every_write_a_processor_offers_says_where_its_outgoing_bytes_are()
    {
        var writes = PracticPro.Egress.ProcessorBook.All
            .SelectMany(processor => processor.Operations)
            .Where(operation => operation.Effect == PracticPro.Egress.Effect.Write)
            .ToList();

        Assert.NotEmpty(writes);
        Assert.All(writes, operation => Assert.NotNull(operation.Outgoing));
    }
}
