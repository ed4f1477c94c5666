using LowRank.EndToEnd.Tests.Processes;
using LowRank.Layers;
using LowRank.Training;
using LowRank.Training.Loop;
using LowRank.Training.Optimization;
using LowRank.Training.Runs;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Models;

/// <summary>Whole runs of models whose factors have options.</summary>
public sealed class FactorOptionRunTests
{
    public static TheoryData<string, int, bool> Interruptions
    {
        get
        {
            var cases = new TheoryData<string, int, bool>();
            foreach (var model in new[] { "ColaForm", "ResidualForm", "BalancedForm" })
            {
                // Around the phase-out at step 6, on steps that end with a rebalancing and beside them.
                foreach (var step in new[] { 3, 4, 7 })
                {
                    cases.Add(model, step, true);
                    cases.Add(model, step, false);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Interruptions))]
    public void A_run_that_was_killed_or_stopped_goes_on_bit_for_bit(string model, int step, bool isKilled) =>
        SmallRuns.GoesOnBitForBit(model, Variant.Guided, options => options, step, isKilled);

    [Theory]
    [InlineData("ColaForm")]
    [InlineData("ResidualForm")]
    [InlineData("BalancedForm")]
    public void The_flops_of_a_run_are_those_that_were_computed(string model)
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var entry = SmallRuns.Find(model);
        var options = SmallRuns.Options(null);
        var result = new Trainer(entry, Variant.LowRank, data, options, new StepLog()).Run(default);
        Assert.Equal(
            entry.Cost.TrainingFlops(SmallRuns.Steps, options.SequencesPerStep, options.Context, guided: false),
            result.TrainingFlops
        );
        var dense = new Trainer(entry, Variant.Dense, data, options, new StepLog()).Run(default);
        Assert.Equal(
            entry.Dense!.Cost.TrainingFlops(SmallRuns.Steps, options.SequencesPerStep, options.Context, guided: false),
            dense.TrainingFlops
        );
    }

    [Fact]
    public void Decay_and_rebalancing_are_in_the_declared_totals()
    {
        var cost = SmallRuns.Find("BalancedForm").Cost;
        var steps = cost.Run!.Tokens / cost.Run.SequencesPerStep / cost.Context;
        Assert.Equal(BalancedForm.Cost.Steps, steps);
        Assert.Equal(BalancedForm.Cost.TrainingFlops, cost.TrainingFlops(steps, 4, 32, guided: true));
        Assert.Equal(BalancedForm.Cost.TrainingFlopsWithoutGuide, cost.TrainingFlops(steps, 4, 32, guided: false));
        // Two blocks' attention of 48 → 6 → 48, four of them each; three blocks' Up 48 → 8 → 96 and Down 96 → 5 → 48.
        var (attention, up, down) = (cost.Factors[0], cost.Factors[1], cost.Factors[2]);
        Assert.Equal((8, 8 * 2L * 36 * (48 + 48 + 6), 0L), (attention.Linears, attention.RebalanceFlops, attention.DecayFlopsPerStep));
        Assert.Equal((3, 0L, 3 * 4L * 64 * (48 + 96)), (up.Linears, up.RebalanceFlops, up.DecayFlopsPerStep));
        Assert.Equal(
            (3, 3 * 2L * 25 * (48 + 96 + 5), 3 * 4L * 25 * (48 + 96)),
            (down.Linears, down.RebalanceFlops, down.DecayFlopsPerStep)
        );
        var without = (cost with { Factors = [] }).TrainingFlops(steps, 4, 32, guided: true);
        var upkeep =
            steps * (up.DecayFlopsPerStep + down.DecayFlopsPerStep)
            + (steps - 1) / 3 * attention.RebalanceFlops
            + (steps - 1) / 2 * down.RebalanceFlops;
        Assert.Equal(upkeep, BalancedForm.Cost.TrainingFlops - without);
    }

    [Fact]
    public void Rebalancing_restarts_the_moments_of_its_factors_and_no_others()
    {
        using var scope = NewDisposeScope();
        using var model = new BalancedForm(new ModelOptions { Seed = 3, DataType = ScalarType.Float64 });
        using var parameters = new FlatParameters(model);
        var optimizer = new AdamW(parameters, new AdamWOptions(0.9, 0.95, 1e-8, 0.1, 1));
        var tokens = randint(0, 300, [2, 32], ScalarType.Int64);
        for (var step = 0; step < 2; step++)
        {
            Tensor before;
            double alpha;
            using (var training = model.BeginStep(step, 12))
            {
                model.forward(tokens).square().mean().backward();
                training.Update(() => optimizer.Step(1e-2));
                alpha = training.Alpha;
                before = Blended(model, tokens, alpha);
            }

            // The function is the same, whatever the factors are now.
            Assert.True(allclose(before, Blended(model, tokens, alpha), 1e-10, 1e-10));
        }

        // The first two steps end with the rebalancing of what is rebalanced every second step.
        var restarted = parameters.Buffers.Single(buffer => buffer.Updates == 0);
        Assert.Equal(6, restarted.Slices.Count);
        Assert.All(restarted.Slices, slice => Assert.Contains(".down.", slice.Name, StringComparison.Ordinal));
        Assert.All(restarted.State(), state => Assert.Equal(0, state.Own!().abs().sum().item<double>()));
        Assert.All(
            parameters.Buffers.Where(buffer => buffer != restarted),
            buffer =>
            {
                Assert.Equal(2, buffer.Updates);
                Assert.All(
                    buffer.State().Where(state => state.Name.EndsWith("second_moment", StringComparison.Ordinal)),
                    state => Assert.True(state.Own!().sum().item<double>() > 0)
                );
            }
        );
        Assert.Equal(2, parameters.Buffers.Single(buffer => buffer.Slices[0].Name.Contains("query.u", StringComparison.Ordinal)).Updates);
    }

    [Fact]
    public void Factors_that_are_never_drawn_cannot_be_trained_from_scratch()
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var refused = Assert.Throws<InputException>(() =>
            new Trainer(SmallRuns.Find("PretrainedForm"), Variant.LowRank, data, SmallRuns.Options(null), new StepLog()).Run(default)
        );
        Assert.Contains("train from it with From", refused.Message, StringComparison.Ordinal);
        Assert.Contains(
            "Initialize = false",
            Assert.Throws<InvalidOperationException>(() => new PretrainedForm()).Message,
            StringComparison.Ordinal
        );
        // The dense baseline has no factors.
        Assert.Equal(
            SmallRuns.Steps,
            new Trainer(SmallRuns.Find("PretrainedForm"), Variant.Dense, data, SmallRuns.Options(null), new StepLog()).Run(default).Steps
        );
    }

    private static Tensor Blended(BalancedForm model, Tensor tokens, double alpha)
    {
        using var noGradient = no_grad();
        foreach (var linear in model.FactoredLinears)
            linear.Blend(alpha);
        return model.forward(tokens);
    }
}
