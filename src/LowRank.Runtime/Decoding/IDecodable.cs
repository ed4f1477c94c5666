using LowRank.Kernels;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Decoding;

/// <summary>What a <see cref="Decoder"/> needs of a language model.</summary>
internal interface IDecodable
{
    /// <summary>How the model was built.</summary>
    ModelOptions Options { get; }

    /// <summary>Number of token ids.</summary>
    int Vocabulary { get; }

    /// <summary>Longest sequence, in tokens.</summary>
    int Context { get; }

    /// <summary>Tokens of the longest texts that turn as short ones do, of every rotary embedding that tells them from long ones.</summary>
    IReadOnlyList<int> ShortContexts { get; }

    /// <summary>The weight of the head: <c>[vocabulary, width]</c>.</summary>
    Tensor HeadWeight { get; }

    /// <summary>What becomes of the head's products.</summary>
    LogitForm LogitForm { get; }

    /// <summary>Every factored linear layer of the model.</summary>
    IEnumerable<LowRankLinear> FactoredLinears { get; }

    /// <summary>Reads further tokens through the model's layers.</summary>
    /// <param name="tokens">Int64 ids <c>[batch, new]</c>.</param>
    /// <param name="cache">The cache; it is advanced by the new tokens.</param>
    /// <returns>Logits after the last new token, <c>[batch, vocabulary]</c>.</returns>
    Tensor Decode(Tensor tokens, KeyValueCache cache);

    /// <summary>States how one token is read.</summary>
    /// <param name="plan">Takes the parts up, in the order in which they run; the head not included.</param>
    /// <returns>Whether the plan is whole; otherwise tokens are read through the layers.</returns>
    bool PlanDecoding(DecodingPlan plan);
}
