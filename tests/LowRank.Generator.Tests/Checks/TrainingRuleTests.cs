using LowRank.Generator.Tests.Harness;

namespace LowRank.Generator.Tests.Checks;

public sealed class TrainingRuleTests
{
    [Fact]
    public void Micro_batches_divide_the_step() =>
        Reported.Assert(
            Declarations.Model(attributes: "[TrainingRun(1_000_000, 16, SequencesPerMicroBatch = 5)]"),
            new Reported(
                "LRK0401",
                "16 sequences per step do not divide into micro-batches of 5; use a divisor of 16 such as 4",
                "SequencesPerMicroBatch = 5"
            )
        );

    [Fact]
    public void A_run_is_at_least_one_step_long() =>
        Reported.Assert(
            Declarations.Model(attributes: "[TrainingRun(tokens: 1_023, sequencesPerStep: 16)]"),
            new Reported("LRK0402", "1023 tokens are fewer than the 1024 tokens of one step (16 sequences × 64 tokens)", "tokens: 1_023")
        );

    [Fact]
    public void A_run_of_one_step_is_fine() =>
        GeneratorRun.Of(Declarations.Model(attributes: "[TrainingRun(tokens: 1_024, sequencesPerStep: 16)]")).AssertClean();

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-1e-3", "-0.001")]
    [InlineData("double.PositiveInfinity", "Infinity")]
    public void A_learning_rate_is_positive(string written, string shown) =>
        Reported.Assert(
            Declarations.Model(attributes: $"[TrainingRun(1_000_000, 16, LearningRate = {written})]"),
            new Reported("LRK0206", $"LearningRate is {shown}; it must be positive and finite", $"LearningRate = {written}")
        );

    [Fact]
    public void An_optimizer_is_one_that_there_is() =>
        Reported.Assert(
            Declarations.Model(attributes: "[TrainingRun(1_000_000, 16, Optimizer = (OptimizerKind)9)]"),
            new Reported(
                "LRK0207",
                "Optimizer is 9, which is no value of OptimizerKind; use one of AdamW, Muon, Spectron, GaLore",
                "Optimizer = (OptimizerKind)9"
            )
        );
}
