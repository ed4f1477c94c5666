using LowRank.Costs;
using LowRank.Models;
using LowRank.Reparameterization;
using LowRank.Training.Runs;

namespace LowRank.Training.FineTuning;

/// <summary>What a fine-tuning run will cost, counted from the tensors of the model as it will be trained.</summary>
/// <param name="Parameters">All parameters, guides included while they exist.</param>
/// <param name="TrainableParameters">Those that are trained, guides included while they exist.</param>
/// <param name="TrainingFlops">FLOPs of the run, paper convention; sampled guides count with their expected number of draws.</param>
internal sealed record FineTuningCost(long Parameters, long TrainableParameters, decimal TrainingFlops)
{
    /// <summary>Counts.</summary>
    /// <param name="model">The changed model, before its first step.</param>
    /// <param name="options">The run.</param>
    public static FineTuningCost Of(LanguageModel model, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        var all = model.parameters().Sum(parameter => parameter.NumberOfElements);
        var trainable = model.parameters().Where(parameter => parameter.requires_grad).Sum(parameter => parameter.NumberOfElements);
        var tokens = (decimal)options.SequencesPerStep * options.Context;
        // Without guides: the layers compute through their factors until a step is prepared.
        var flops = options.Steps * tokens * model.LiveTrainingFlopsPerToken(options.Context);
        if (model.FactoredLater is { } group)
        {
            var guided = PhaseOutSchedule.GuidedSteps(options.Steps, group.PhaseOut);
            var drawn = group.Guide == Guide.Sampled ? TrainingFlopFormula.ExpectedSampledSteps(guided) : guided;
            foreach (var linear in group.Linears)
            {
                var (full, rank) = (linear.Inputs * linear.Outputs, (long)linear.Rank);
                flops += TrainingFlopFormula.Guide(
                    2 * (full - rank * (linear.Inputs + linear.Outputs)),
                    6 * rank * full,
                    drawn,
                    tokens * model.TokenShareOf(linear)
                );
            }
        }

        return new(all, trainable, flops);
    }
}
