using LowRank.Kernels;
using LowRank.Models;
using LowRank.Training.Evaluation;
using LowRank.Training.Runs;

namespace LowRank.Training.Loop;

/// <summary>
/// Measures a run on the validation text: points of the curve, each on the same windows, and the final loss over more of it.
/// </summary>
/// <param name="job">The run.</param>
/// <param name="log">Keeps the figures.</param>
internal sealed class RunEvaluation(TrainingJob job, RunLog log)
{
    private readonly TrainingOptions options = job.Options;

    /// <summary>Whether the curve has a point after so many steps that is still to be measured.</summary>
    public bool IsDue(long step) =>
        (step == options.Steps || (options.EvaluateEvery > 0 && step % options.EvaluateEvery == 0))
        && !log.Totals.Validation.Any(earlier => earlier.Step == step);

    /// <summary>Measures a point of the curve.</summary>
    /// <exception cref="TrainingDivergedException">The loss is infinite or no number.</exception>
    public void Evaluate(LanguageModel model, long step, double alpha)
    {
        log.Read();
        using var pause = log.Clock.Pause();
        var loss = LossOver(options.EvaluationSequences, model).Loss;
        var metrics = new ValidationMetrics(step, loss, alpha, log.Totals.Seconds, log.Totals.Flops);
        job.Observer.Evaluated(metrics);
        log.Totals = log.Totals with { Validation = [.. log.Totals.Validation, metrics] };
        if (!double.IsFinite(loss))
            throw Divergence.At(
                FormattableString.Invariant($"The evaluation after step {step} diverged: loss {loss}"),
                step,
                step,
                options
            );
    }

    /// <summary>Measures the final loss, unless an earlier sitting has: never a point of the curve.</summary>
    /// <exception cref="TrainingDivergedException">The loss is infinite or no number.</exception>
    public void EvaluateAtEnd(LanguageModel model)
    {
        if (log.Totals.Final is null)
        {
            var measured = LossOver(options.FinalEvaluationSequences, model);
            var metrics = new FinalMetrics(options.Steps, measured.Loss, measured.Tokens)
            {
                BytesPerToken = measured.BytesPerToken,
                Sources = measured.Sources,
            };
            job.Observer.EvaluatedAtEnd(metrics);
            log.Totals = log.Totals with { Final = metrics };
        }

        if (log.Totals.Final.Loss is var loss && !double.IsFinite(loss))
            throw Divergence.At(
                FormattableString.Invariant($"The final evaluation diverged: loss {loss}"),
                options.Steps,
                options.Steps,
                options
            );
    }

    private TextLoss LossOver(int sequences, LanguageModel model)
    {
        // Evaluation needs other memory than the steps; both at once would be the peak of the run.
        ActivationMemory.FreeUnused();
        return Evaluator.Evaluate(model, job.Data, options.Context, sequences, group: job.Group, documentMasks: options.DocumentMasks);
    }
}
