using LowRank.Generator.Tests.Harness;

namespace LowRank.Generator.Tests.Checks;

public sealed class ExpertRuleTests
{
    [Fact]
    public void Experts_stand_beside_a_feed_forward()
    {
        Reported.Assert(
            Declarations.Model(attention: "[Attention(4), Experts(8, 2)]"),
            new Reported(
                "LRK0901",
                "'Attention' carries [Experts] without [FeedForward], which says what one expert is; add [FeedForward]",
                "Experts(8, 2)"
            )
        );
        Reported.Assert(
            Declarations.Model(feedForward: "[Experts(8, 2)]"),
            new Reported(
                "LRK0901",
                "'FeedForward' carries [Experts] without [FeedForward], which says what one expert is; add [FeedForward]",
                "Experts(8, 2)"
            )
        );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    [InlineData(-3)]
    public void There_are_at_least_two(int count) =>
        Reported.Assert(
            Declarations.Model(feedForward: $"[FeedForward(256), Experts(count: {count}, active: 1)]"),
            new Reported(
                "LRK0902",
                $"'FeedForward' declares a count of {count}, and a router chooses among at least 2; raise the count, or leave [Experts] out",
                $"count: {count}"
            )
        );

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(9)]
    public void As_many_are_active_as_there_can_be(int active) =>
        Reported.Assert(
            Declarations.Model(feedForward: $"[FeedForward(256), Experts(8, {active})]"),
            new Reported(
                "LRK0903",
                $"{active} of 8 experts of 'FeedForward' are active; a token passes through at least 1 and at most all of them",
                $"{active}"
            )
        );

    [Fact]
    public void One_weight_is_not_divided_by_itself()
    {
        Reported.Assert(
            Declarations.Model(feedForward: "[FeedForward(256), Experts(8, 1, NormalizeWeights = true)]"),
            new Reported(
                "LRK0904",
                "'FeedForward' normalizes the weight of one active expert, which is then always 1, so that nothing trains its router; leave NormalizeWeights out",
                "NormalizeWeights = true"
            )
        );
        Reported.Assert(Declarations.Model(feedForward: "[FeedForward(256), Experts(8, 1)]"));
        Reported.Assert(Declarations.Model(feedForward: "[FeedForward(256), Experts(8, 7, NormalizeWeights = true)]"));
    }

    [Theory]
    [InlineData("Shared = 0", "LRK0201", "Shared of 'FeedForward' is 0; it must be at least 1")]
    [InlineData("Shared = -1", "LRK0201", "Shared of 'FeedForward' is -1; it must be at least 1")]
    [InlineData("WeightScale = 0", "LRK0206", "WeightScale is 0; it must be positive and finite")]
    [InlineData("BalanceWeight = -0.5", "LRK0206", "BalanceWeight is -0.5; it must be positive and finite")]
    [InlineData("Balance = Balance.Bias, BiasStep = double.NaN", "LRK0206", "BiasStep is NaN; it must be positive and finite")]
    [InlineData("Router = (RouterScore)7", "LRK0207", "Router is 7, which is no value of RouterScore; use one of Softmax, Sigmoid")]
    [InlineData("Balance = (Balance)3", "LRK0207", "Balance is 3, which is no value of Balance; use one of Loss, Bias, None")]
    [InlineData(
        "Shared = 20_000_000",
        "LRK0501",
        "'FeedForward' is too large to account for: 20000000 shared experts × hidden size 256 exceeds 2147483647"
    )]
    public void Numbers_and_enums_are_in_range(string option, string id, string message) =>
        Reported.Assert(
            Declarations.Model(feedForward: $"[FeedForward(256), Experts(8, 2, {option})]"),
            new Reported(id, message, option.Split(", ")[^1])
        );

    [Theory]
    [InlineData("Balance = Balance.Bias, BalanceWeight = 0.1", "BalanceWeight", "the loads are balanced by Balance.Bias")]
    [InlineData("BiasStep = 0.1", "BiasStep", "the loads are balanced by Balance.Loss")]
    [InlineData("Balance = Balance.None, BiasStep = 0.1", "BiasStep", "the loads are balanced by Balance.None")]
    public void What_is_said_of_another_balance_is_idle(string options, string option, string reason) =>
        Reported.Assert(
            Declarations.Model(feedForward: $"[FeedForward(256), Experts(8, 2, {options})]"),
            new Reported(
                "LRK0009",
                $"{option} of [Experts] on 'FeedForward' has no effect: {reason}; leave it out",
                options[options.IndexOf(option, StringComparison.Ordinal)..]
            )
        );

    [Fact]
    public void With_all_experts_active_there_is_nothing_to_choose() =>
        Reported.Assert(
            Declarations.Model(feedForward: "[FeedForward(256), Experts(count: 8, active: 8)]"),
            new Reported(
                "LRK0905",
                "Every token passes through all 8 experts of 'FeedForward', so that its router chooses nothing and no FLOPs are saved; lower active, or raise count",
                "active: 8"
            )
        );

    [Fact]
    public void With_all_experts_active_there_is_nothing_to_balance() =>
        Reported.Assert(
            Declarations.Model(feedForward: "[FeedForward(256), Experts(2, 2, Balance = Balance.Bias)]"),
            new(
                "LRK0905",
                "Every token passes through all 2 experts of 'FeedForward', so that its router chooses nothing and no FLOPs are saved; lower active, or raise count",
                "2"
            ),
            new(
                "LRK0009",
                "Balance of [Experts] on 'FeedForward' has no effect: all experts are active, so that their loads are equal; leave it out",
                "Balance = Balance.Bias"
            )
        );

    [Fact]
    public void Low_rank_is_judged_by_the_size_of_one_expert() =>
        Reported.Assert(
            Declarations.Model(feedForward: "[FeedForward(32), Experts(8, 2, Shared = 3), LowRank(24)]"),
            new Reported(
                "LRK0302",
                "Rank 24 of FeedForward.Up (64 → 32) is at or above the break-even 21.3: the factors hold 2304 weights, the layer they replace 2048",
                "24"
            )
        );

    [Fact]
    public void Budgets_may_limit_what_is_active() =>
        Assert.Contains(
            GeneratorRun
                .Of(
                    Declarations.Model(attributes: "[Budget(ActiveParameters = 100_000)]", feedForward: "[FeedForward(256), Experts(8, 2)]")
                )
                .Findings,
            finding =>
                finding.Id == "LRK0502"
                && finding
                    .GetMessage(System.Globalization.CultureInfo.InvariantCulture)
                    .StartsWith("ActiveParameters of 'Model' is", StringComparison.Ordinal)
        );
}
