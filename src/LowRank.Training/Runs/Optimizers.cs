using LowRank.Training.Optimization;

namespace LowRank.Training.Runs;

/// <summary>Makes the optimizer that a run asks for.</summary>
internal static class Optimizers
{
    /// <summary>Whether an optimizer updates matrices of a kind as a whole, and not element by element.</summary>
    public static bool KeepsWhole(OptimizerKind optimizer, ParameterKind kind) =>
        optimizer switch
        {
            OptimizerKind.Muon or OptimizerKind.Spectron => kind != ParameterKind.Other,
            OptimizerKind.GaLore => kind is ParameterKind.Matrix or ParameterKind.Guide,
            _ => false,
        };

    /// <summary>Makes it; its state is allocated in the parameters' buffers.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="options">The run.</param>
    /// <exception cref="InputException">The optimizer doesn't fit the model.</exception>
    public static Optimizer Create(FlatParameters parameters, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var adamW = new AdamWOptions(options.Beta1, options.Beta2, options.Epsilon, options.WeightDecay, options.ClipNorm);
        return options.Optimizer switch
        {
            OptimizerKind.AdamW => new AdamW(parameters, adamW),
            OptimizerKind.Muon => new Muon(parameters, options.Momentum ?? Muon.DefaultMomentum, adamW),
            OptimizerKind.Spectron => new Spectron(
                parameters,
                new SpectronOptions(
                    options.Momentum ?? Spectron.DefaultMomentum,
                    options.SpectronLearningRate / options.LearningRate,
                    options.WeightDecay
                ),
                options.Momentum ?? Muon.DefaultMomentum,
                adamW
            ),
            OptimizerKind.GaLore => new GaLore(
                parameters,
                new GaLoreOptions(
                    options.GaLoreRank,
                    options.GaLoreGap,
                    options.GaLoreScale,
                    options.Beta1,
                    options.Beta2,
                    options.Epsilon,
                    options.WeightDecay
                ),
                adamW
            ),
            _ => throw new InputException($"There is no optimizer {options.Optimizer}."),
        };
    }
}
