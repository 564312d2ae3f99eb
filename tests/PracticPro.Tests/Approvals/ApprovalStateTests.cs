using System.Security.Cryptography;
using PracticPro.Approvals;
using PracticPro.Sync.Published;

namespace PracticPro.Tests.Approvals;

public sealed class ApprovalStateTests
{
    [Fact]
    public void Every_pair_of_state_and_move_is_decided()
    {
        string[] allowed =
        [
            "Waiting Approve Approved", "Waiting Reject Rejected", "Waiting Edit Waiting", "Waiting Expire Expired",
            "Approved Undo Waiting", "Approved Edit Waiting", "Approved Reject Rejected", "Approved Void Waiting",
            "Approved Release Sending", "Sending ConfirmSent Sent", "Sending GiveUp Failed", "Sending LoseTrack Unknown",
            "Sending Void Waiting",
            "Unknown ConfirmSent Sent",
        ];
        var found = from state in Enum.GetValues<ApprovalState>()
                    from move in Enum.GetValues<ApprovalMove>()
                    let to = ApprovalTransitions.After(state, move)
                    where to is not null
                    select $"{state} {move} {to}";
        Assert.Equal(allowed.Order(), found.Order());
    }

    [Fact]
    [Trait("Promise", "APR-1")]
    public void Nothing_is_sent_that_was_not_approved_first()
    {
        var moves = Enum.GetValues<ApprovalMove>().Where(move => move != ApprovalMove.Approve).ToList();
        var reached = new HashSet<ApprovalState> { ApprovalState.Waiting };
        while (reached.SelectMany(state => moves.Select(move => ApprovalTransitions.After(state, move))).OfType<ApprovalState>()
            .Any(reached.Add))
        {
            // Until no move leads anywhere new.
        }

        Assert.DoesNotContain(ApprovalState.Sending, reached);
        Assert.DoesNotContain(ApprovalState.Sent, reached);
    }

    [Fact]
    public void What_has_left_or_ended_stays_so() =>
        Assert.All(
            (ApprovalState[])[ApprovalState.Sent, ApprovalState.Failed, ApprovalState.Rejected, ApprovalState.Expired],
            state => Assert.True(ApprovalTransitions.IsFinal(state)));

    [Fact]
    public void The_pause_before_a_look_doubles_up_to_two_minutes() =>
        Assert.Equal(
            [1, 2, 4, 8, 16, 32, 64, 120, 120],
            Enumerable.Range(0, 9).Select(looks => (int)ApprovalPlan.PauseBeforeLook(looks).TotalSeconds));

    [Fact]
    [Trait("Promise", "APR-2")]
    public void The_digest_changes_with_every_byte_recipient_gate_and_mailbox()
    {
        var facts = AnyGateFacts.Approved with { Approver = null };
        var gates = SixGates.Evaluate(facts);
        var mail = AnyGateFacts.Mail;
        var mime = MimeWriter.Write(mail);
        var (one, other) = (ConnectionId.New(TimeProvider.System), ConnectionId.New(TimeProvider.System));
        var digest = ActionDigest.Of(mail, SHA256.HashData(mime), one, gates);
        Assert.Equal(digest, ActionDigest.Of(mail with { To = [.. mail.To] }, SHA256.HashData(mime), one, [.. gates]));
        Assert.NotEqual(digest, ActionDigest.Of(mail, SHA256.HashData(mime), other, gates));
        Assert.NotEqual(digest, ActionDigest.Of(mail with { To = [] }, SHA256.HashData(mime), one, gates));
        Assert.NotEqual(digest, ActionDigest.Of(mail, SHA256.HashData(mime), one, SixGates.Evaluate(AnyGateFacts.Approved)));
        for (var at = 0; at < mime.Length; at++)
        {
            byte[] changed = [.. mime];
            changed[at] ^= 1;
            Assert.NotEqual(digest, ActionDigest.Of(mail, SHA256.HashData(changed), one, gates));
        }
    }

    [Fact]
    public void A_digest_matches_its_own_text_and_no_other()
    {
        var digest = new ActionDigest(new string('a', 64));
        Assert.True(digest.Matches(new string('a', 64)));
        Assert.All((string?[])[null, "", "a", new string('b', 64), new string('A', 64)], text => Assert.False(digest.Matches(text)));
    }

    [Fact]
    public void Of_the_references_the_newest_twenty_are_kept_and_what_is_none_is_left_out()
    {
        var many = string.Join(' ', Enumerable.Range(0, 40).Select(at => $"<m{at}@mail.example>"));
        var chain = MessageIds.Chain($"{many} nonsense <a b@c> <>\r\nBcc: x", "<last@mail.example>").Split(' ');
        Assert.Equal(20, chain.Length);
        Assert.Equal("<last@mail.example>", chain[^1]);
        Assert.Equal("<m39@mail.example>", chain[^2]);
        Assert.Equal("", MessageIds.Clean("<a@b>\r\nBcc: x@y.example"));
    }
}
