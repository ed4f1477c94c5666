using static TorchSharp.torch;

namespace LowRank.Benchmarks.Peers;

/// <summary>Greedy decoding with the hand-written model.</summary>
internal sealed class HandWrittenDecoder(HandWrittenTransformer model)
{
    /// <summary>The likeliest continuation, token by token.</summary>
    /// <param name="prompt">Int64 ids <c>[batch, sequence]</c>.</param>
    /// <param name="tokens">How many to generate.</param>
    /// <returns>Logits after the last but one token: what the last one was chosen by. The caller disposes them.</returns>
    public Tensor Generate(Tensor prompt, int tokens)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var cache = new HandWrittenCache();
        var logits = model.Decode(prompt, cache);
        for (var generated = 1; generated < tokens; generated++)
        {
            using var inner = NewDisposeScope();
            logits = model.Decode(logits.argmax(-1, keepdim: true), cache).MoveToOuterDisposeScope();
        }

        return logits.MoveToOuterDisposeScope();
    }
}
