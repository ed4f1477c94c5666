using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// What a class with <see cref="ModuleAttribute"/> has to be to be listed as a language model, declared by
/// <see cref="LanguageModelAttribute"/>.
/// </summary>
public interface ILanguageModule
{
    /// <summary>The weight of the head, <c>[vocabulary, width]</c>: that of a linear layer, or of the token embedding.</summary>
    Tensor HeadWeight { get; }

    /// <summary>
    /// All of the model but its head. In training autograd differentiates it; while generating it reads all tokens so far again for every
    /// new one.
    /// </summary>
    /// <param name="tokens">Int64 ids, <c>[batch, sequence]</c>.</param>
    /// <returns><c>[batch, sequence, width]</c>, where a token's vector depends on no later token; the caller disposes it.</returns>
    Tensor Hidden(Tensor tokens);
}
