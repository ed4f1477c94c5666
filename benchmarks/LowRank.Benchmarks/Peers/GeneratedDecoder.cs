using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Benchmarks.Peers;

/// <summary>Greedy decoding with a generated model.</summary>
internal sealed class GeneratedDecoder(LanguageModel model)
{
    /// <summary>The likeliest continuation, token by token.</summary>
    /// <param name="prompt">Int64 ids <c>[batch, sequence]</c>.</param>
    /// <param name="tokens">How many to generate.</param>
    /// <returns>Logits after the last but one token: what the last one was chosen by. The caller disposes them.</returns>
    public Tensor Generate(Tensor prompt, int tokens)
    {
        using var noGradient = no_grad();
        using var cache = new KeyValueCache((int)prompt.shape[0], model.Context);
        var logits = model.Decode(prompt, cache);
        for (var generated = 1; generated < tokens; generated++)
        {
            using var before = logits;
            using var token = before.argmax(-1, keepdim: true);
            logits = model.Decode(token, cache);
        }

        return logits;
    }
}
