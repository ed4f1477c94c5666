using LowRank.EndToEnd.Tests.Processes;
using LowRank.Training;
using LowRank.Training.Checkpoints;
using LowRank.Training.Loop;
using LowRank.Training.Runs;

namespace LowRank.EndToEnd.Tests.Models;

/// <summary>Runs whose factors become dense layers on the way.</summary>
public sealed class DensePhaseTests
{
    private const double DenseFrom = 0.5;
    private const int FirstDense = 6;

    [Theory]
    [InlineData(5, true, OptimizerKind.AdamW)]
    [InlineData(5, false, OptimizerKind.Muon)]
    [InlineData(6, true, OptimizerKind.Muon)]
    [InlineData(6, false, OptimizerKind.AdamW)]
    [InlineData(7, true, OptimizerKind.GaLore)]
    [InlineData(7, false, OptimizerKind.AdamW)]
    [InlineData(10, false, OptimizerKind.Muon)]
    public void A_run_that_was_killed_or_stopped_goes_on_bit_for_bit(int step, bool isKilled, OptimizerKind optimizer) =>
        SmallRuns.GoesOnBitForBit(
            "ResidualForm",
            Variant.LowRank,
            options => options.WithOptimizer(optimizer) with { GaLoreRank = 8, DenseFrom = DenseFrom },
            step,
            isKilled
        );

    [Theory]
    [InlineData("ResidualForm")]
    [InlineData("BalancedForm")]
    public void The_dense_layers_begin_as_the_function_of_the_factors_and_cost_what_they_cost(string model)
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var entry = SmallRuns.Find(model);
        var (log, factored) = (new StepLog(), new StepLog());
        var result = new Trainer(entry, Variant.LowRank, data, Options(null), log).Run(default);
        _ = new Trainer(entry, Variant.LowRank, data, Options(null) with { DenseFrom = null }, factored).Run(default);

        Assert.Equal(factored.Steps.Take(FirstDense), log.Steps.Take(FirstDense));
        Assert.Equal(At(factored, FirstDense), At(log, FirstDense), 1e-5);
        Assert.NotEqual(At(factored, SmallRuns.Steps), At(log, SmallRuns.Steps), 1e-5);
        Assert.Equal([(FirstDense, entry.Dense!.Cost.Parameters - entry.Cost.Parameters)], log.Densified);
        Assert.Equal(entry.Cost.Parameters, result.ParametersAtStart);
        Assert.Equal(entry.Dense.Cost.Parameters, result.Parameters);
        decimal Flops(ModelEntry trained, long steps) => trained.Cost.TrainingFlops(steps, 4, 16, guided: false);
        Assert.Equal(Flops(entry, FirstDense) + Flops(entry.Dense, SmallRuns.Steps - FirstDense), result.TrainingFlops);

        static double At(StepLog log, long step) => log.Evaluations.Single(evaluation => evaluation.Step == step).Loss;
    }

    [Fact]
    public void What_is_saved_is_the_dense_variant_of_the_model()
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var output = folder.Under("run");
        var result = new Trainer(SmallRuns.Find("ResidualForm"), Variant.LowRank, data, Options(output), new StepLog()).Run(default);
        Assert.Equal(Variant.LowRank, result.Variant);
        var checkpoint = Checkpoint.Open(output);
        Assert.Equal(Variant.Dense, checkpoint.Info.Variant);
        using var model = checkpoint.LoadModel("cpu", "fp32");
        Assert.IsType<ResidualForm.Dense>(model);
        Assert.Empty(model.FactoredLinears);
        Assert.Equal(result.Parameters, model.parameters().Sum(parameter => parameter.NumberOfElements));

        // Without the option it would be another run.
        var other = new Trainer(
            SmallRuns.Find("ResidualForm"),
            Variant.LowRank,
            data,
            Options(output) with
            {
                DenseFrom = 0.75,
                Resume = true,
            },
            new StepLog()
        );
        Assert.Contains(
            "DenseFrom was 0.5 and is now 0.75",
            Assert.Throws<InputException>(() => other.Run(default)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Layers_that_fine_tuning_has_factored_become_dense_with_the_declared_ones()
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var entry = SmallRuns.Find("SmallDeclared");
        StepLog Train(TrainingOptions options)
        {
            var log = new StepLog();
            _ = new Trainer(entry, Variant.LowRank, data, options, log).Run(default);
            return log;
        }

        var (trained, tuned, merged) = (folder.Under("trained"), folder.Under("tuned"), folder.Under("merged"));
        _ = Train(SmallRuns.Options(trained));
        _ = Train(
            SmallRuns.Options(tuned) with
            {
                From = trained,
                FineTuning = new FineTuningOptions { Method = FineTuningMethod.LowRank, Rank = 6 },
            }
        );
        Assert.NotEmpty(Checkpoint.Open(tuned).Info.Changes!.Factored);
        var factored = Train(SmallRuns.Options(null) with { From = tuned });
        var log = Train(Options(merged) with { From = tuned });

        Assert.Equal(factored.Steps.Take(FirstDense), log.Steps.Take(FirstDense));
        Assert.Equal(Loss(factored), Loss(log), 1e-5);
        var checkpoint = Checkpoint.Open(merged);
        Assert.Null(checkpoint.Info.Changes);
        using var model = checkpoint.LoadModel("cpu", "fp32");
        Assert.IsType<SmallDeclared.Dense>(model);

        static double Loss(StepLog log) => log.Evaluations.Single(evaluation => evaluation.Step == FirstDense).Loss;
    }

    [Theory]
    [InlineData("ResidualForm", Variant.Guided, 0.5, "Variant lowrank")]
    [InlineData("ResidualForm", Variant.Dense, 0.5, "Variant lowrank")]
    [InlineData("ResidualForm", Variant.LowRank, 1.0, "above 0 and below 1")]
    [InlineData("ResidualForm", Variant.LowRank, double.NaN, "above 0 and below 1")]
    [InlineData("ResidualForm", Variant.LowRank, 0.01, "leaves none for the factors")]
    [InlineData("ColaForm", Variant.LowRank, 0.5, "activation between them")]
    [InlineData("QwenForm", Variant.LowRank, 0.5, "[DenseBaseline]")]
    public void What_cannot_become_dense_is_refused_before_anything_is_trained(
        string model,
        Variant variant,
        double denseFrom,
        string reason
    )
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var refused = Assert.Throws<InputException>(() =>
            new Trainer(SmallRuns.Find(model), variant, data, Options(null) with { DenseFrom = denseFrom }, new StepLog())
        );
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    private static TrainingOptions Options(string? output) => SmallRuns.Options(output) with { DenseFrom = DenseFrom };
}
