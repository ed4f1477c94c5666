using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// What a class with <see cref="ModuleAttribute"/> has to be to stand in the blocks of a transformer, declared there with
/// <see cref="PartAttribute"/>: it maps every token of a sequence to a vector of the same size, from that token and those before it alone.
/// </summary>
public interface ISequenceModule
{
    /// <summary>
    /// The output for whole sequences. In training it is differentiated by autograd, so it must not change its input in place. While
    /// generating it reads all tokens so far again for every new one, unless it is an <see cref="IRecurrentModule"/>.
    /// </summary>
    /// <param name="x"><c>[batch, sequence, width]</c>, normalized, in the type of the products.</param>
    /// <returns>The same shape; the caller adds it to the residual stream and disposes it.</returns>
    Tensor forward(Tensor x);
}
