using PracticPro.Keys.Rotation;
using PracticPro.Vault;

namespace PracticPro.Tests.Keys;

public sealed class RotationDueTests
{
    private static readonly DateTimeOffset Made = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly KeyVersion First = KeyVersion.Parse("1");

    [Theory]
    [InlineData(0, null)]
    [InlineData(89, null)]
    [InlineData(90, nameof(RotationReason.TenantKeyDue))]
    [InlineData(364, nameof(RotationReason.TenantKeyDue))]
    [InlineData(365, nameof(RotationReason.DataKeysDue))]
    public void A_tenants_key_is_due_after_ninety_days_and_data_keys_after_a_year(int days, string? due) =>
        Assert.Equal(due, Judge(days, [Key("notes", 1, 0), Key("index", 1, 0)])?.ToString());

    [Fact]
    public void The_newest_generation_counts_and_not_the_one_that_something_still_needs() =>
        Assert.Null(Judge(400, [Key("notes", 1, 0), Key("notes", 2, 399)], Last(RotationStage.Finished, 399)));

    [Fact]
    public void Look_up_keys_never_come_of_age() =>
        Assert.Null(Judge(400, [Key("notes", 2, 399), Key("index", 1, 0)], Last(RotationStage.Finished, 399)));

    [Fact]
    public void Ninety_days_are_counted_from_the_last_rotation() =>
        Assert.Null(Judge(179, [Key("notes", 1, 0)], Last(RotationStage.Finished, 90)));

    [Fact]
    public void Nothing_is_due_while_a_rotation_is_under_way() =>
        Assert.Null(Judge(400, [Key("notes", 1, 0)], Last(RotationStage.Reseal, null)));

    [Fact]
    public void A_version_that_the_key_store_made_by_itself_is_due_at_once() =>
        Assert.Equal(
            RotationReason.TenantKeyDue,
            RotationDue.Judge([Key("notes", 1, 0)], KeyVersion.Parse("2"), null, Made, new RotationOptions()));

    [Fact]
    public void Every_stage_leads_to_the_end_for_every_reason()
    {
        foreach (var reason in Enum.GetValues<RotationReason>())
        {
            var stages = RotationTable.StagesOf(reason).ToList();

            Assert.Equal(RotationStage.Finished, stages[^1]);
            Assert.Equal(stages.Order(), stages);
            Assert.All(stages.SkipLast(1).Zip(stages.Skip(1)), pair =>
                Assert.Equal(pair.Second, RotationTable.After(pair.First, reason)));
            Assert.Throws<InvalidOperationException>(() => RotationTable.After(RotationStage.Finished, reason));
        }
    }

    private static RotationReason? Judge(int days, DataKeyRecord[] keys, KeyRotation? last = null) =>
        RotationDue.Judge(keys, First, last, Made.AddDays(days), new RotationOptions());

    private static DataKeyRecord Key(string use, uint generation, int day) => new(use, generation, First, [1], Made.AddDays(day));

    private static KeyRotation Last(RotationStage stage, int? finished) =>
        new("id", RotationReason.Asked, "job:key-rotation", Made, stage)
        {
            FinishedAt = finished is { } day ? Made.AddDays(day) : null,
        };
}
