using LowRank.Decoding;
using LowRank.Layers;
using LowRank.Models;
using static TorchSharp.torch;

namespace LowRank.Benchmarks.Peers;

/// <summary>Greedy decoding with a generated model.</summary>
internal sealed class GeneratedDecoder(LanguageModel model, DecodingWeights weights = DecodingWeights.Auto, int sequences = 1) : IDisposable
{
    private readonly Decoder decoder = new(model, weights, sequences);

    /// <summary>Number of factored layers that are read as one matrix.</summary>
    public int MergedLayers => decoder.MergedLayers;

    /// <summary>The likeliest continuation, token by token.</summary>
    /// <param name="prompt">Int64 ids <c>[batch, sequence]</c>.</param>
    /// <param name="tokens">How many to generate.</param>
    /// <returns>Logits after the last but one token: what the last one was chosen by. The caller disposes them.</returns>
    public Tensor Generate(Tensor prompt, int tokens)
    {
        var batch = (int)prompt.shape[0];
        using var cache = new KeyValueCache(batch, model.Context);
        var ids = prompt.data<long>().Select(id => (int)id).ToArray();
        var logits = decoder.Read(ids, cache);
        var next = new int[batch];
        for (var generated = 1; generated < tokens; generated++)
        {
            for (var row = 0; row < batch; row++)
                next[row] = Likeliest(logits.Slice(row * model.Vocabulary, model.Vocabulary));
            logits = decoder.Read(next, cache);
        }

        return tensor(logits.ToArray(), [batch, model.Vocabulary]);
    }

    public void Dispose() => decoder.Dispose();

    private static int Likeliest(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var id = 1; id < logits.Length; id++)
        {
            if (logits[id] > logits[best])
                best = id;
        }

        return best;
    }
}
