using LowRank.Layers;

namespace LowRank.Training.Optimization;

/// <summary>
/// Spectron on the factors of factored layers, Muon on the other matrices of the hidden layers, AdamW on the rest. A guide is one of the
/// other matrices: while a layer has one, W is trained by Muon and U and V, with their share of the gradient, by Spectron.
/// </summary>
public sealed class Spectron : Optimizer
{
    /// <summary>β of the reference.</summary>
    internal const double DefaultMomentum = 0.9;

    /// <summary>Allocates the state.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="spectron">The constants of Spectron.</param>
    /// <param name="muonMomentum">μ of Muon, in [0, 1).</param>
    /// <param name="options">The constants of AdamW; decay and clipping are Muon's too.</param>
    /// <exception cref="InputException">The model has no factored layer.</exception>
    public Spectron(FlatParameters parameters, SpectronOptions spectron, double muonMomentum, AdamWOptions options)
        : base(
            parameters,
            options.ClipNorm,
            [
                .. Factors(parameters)
                    .Select(buffer => new SpectronRule(buffer, parameters.Model.modules().OfType<LowRankLinear>(), spectron)),
                new MuonRule(
                    parameters.Buffers.Where(buffer => buffer.Kind is ParameterKind.Matrix or ParameterKind.Guide),
                    muonMomentum,
                    options.WeightDecay
                ),
                new AdamWRule(parameters.Buffers.Where(buffer => buffer.Kind == ParameterKind.Other), options),
            ]
        ) { }

    private static List<FlatBuffer> Factors(FlatParameters parameters)
    {
        var buffers = parameters.Lasting.Where(buffer => buffer.Kind == ParameterKind.Factor).ToList();
        return buffers.Count > 0
            ? buffers
            : throw new InputException(
                "Spectron trains the factors of factored layers, and this model has none; use Muon, or factor a layer with [LowRank]."
            );
    }
}
