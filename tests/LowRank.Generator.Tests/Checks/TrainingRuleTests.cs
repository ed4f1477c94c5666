using LowRank.Generator.Tests.Harness;

namespace LowRank.Generator.Tests.Checks;

public sealed class TrainingRuleTests
{
    [Fact]
    public void Micro_batches_divide_the_step() => Reported.Assert(
        Declarations.Model(attributes: "[TrainingRun(1_000_000, 16, SequencesPerMicroBatch = 5)]"),
        new Reported("LRK0401", "16 sequences per step do not divide into micro-batches of 5; use a divisor of 16 such as 4", "SequencesPerMicroBatch = 5"));

    [Fact]
    public void A_run_is_at_least_one_step_long() => Reported.Assert(
        Declarations.Model(attributes: "[TrainingRun(tokens: 1_023, sequencesPerStep: 16)]"),
        new Reported("LRK0402", "1023 tokens are fewer than the 1024 tokens of one step (16 sequences × 64 tokens)", "tokens: 1_023"));

    [Fact]
    public void A_run_of_one_step_is_fine() =>
        GeneratorRun.Of(Declarations.Model(attributes: "[TrainingRun(tokens: 1_024, sequencesPerStep: 16)]")).AssertClean();
}
