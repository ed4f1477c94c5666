using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// A sequence module that keeps what it needs of the tokens before in a state of fixed size (a state-space layer, a linear attention, a
/// convolution), so that generating a token costs one token's work.
/// </summary>
public interface IRecurrentModule : ISequenceModule
{
    /// <summary>
    /// The output for further tokens of the sequences, and the state behind them: equal, up to rounding, to the last rows of
    /// <see cref="ISequenceModule.forward"/> over all tokens. Never differentiated.
    /// </summary>
    /// <param name="x">The new tokens, <c>[batch, new, width]</c>.</param>
    /// <param name="state">What the tokens before have left; empty before the first. The module sets its tensors anew.</param>
    /// <returns><c>[batch, new, width]</c>; the caller disposes it.</returns>
    Tensor forward(Tensor x, RecurrentState state);
}
