using LowRank.Models;
using LowRank.Training.Checkpoints;
using LowRank.Training.Files;
using LowRank.Training.Runs;
using TorchSharp;

namespace LowRank.Training.Loop;

/// <summary>Says that a run diverged, and from where to go on.</summary>
internal static class Divergence
{
    /// <summary>The exception for it.</summary>
    /// <param name="what">What is infinite or no number, with its step: the beginning of a sentence.</param>
    /// <param name="step">Steps taken when it was noticed.</param>
    /// <param name="spoiled">Steps after which the weights were spoiled already: a checkpoint from there on is no good one, though it can
    /// be read.</param>
    /// <param name="options">The run.</param>
    public static TrainingDivergedException At(string what, long step, long spoiled, TrainingOptions options)
    {
        var saved = options.Output is null ? [] : new CheckpointFolder(options.Output).Newest();
        var good = saved.FirstOrDefault(path => RunFiles.StepOf(path) < spoiled);
        var sentence =
            FormattableString.Invariant($"{what}. Lower the learning rate ({options.LearningRate}); ")
            + (
                good is not null
                    ? $"the last good checkpoint is {good} (step {RunFiles.StepOf(good)}), with which a new run can begin."
                    : "no earlier checkpoint is good."
            );
        if (saved is [var newest, ..] && newest != good)
            sentence += $" That of step {RunFiles.StepOf(newest)} holds weights that had diverged.";
        return new TrainingDivergedException(sentence, step, good);
    }

    /// <summary>
    /// The name of a parameter that holds an infinity or something that is no number; null for none. A loss says so one step late, and
    /// says nothing about weights that took no part in it.
    /// </summary>
    public static string? FindIn(LanguageModel model)
    {
        using var noGradient = torch.no_grad();
        foreach (var (name, parameter) in model.named_parameters())
        {
            // One reading of the weight, without a temporary of its size; something that is no number comes through both.
            var (least, most) = parameter.aminmax();
            using (least)
            using (most)
            {
                if (!IsFinite(least) || !IsFinite(most))
                    return name;
            }
        }

        return null;
    }

    private static bool IsFinite(torch.Tensor scalar)
    {
        using var wide = scalar.to(torch.ScalarType.Float64);
        return double.IsFinite(wide.item<double>());
    }
}
