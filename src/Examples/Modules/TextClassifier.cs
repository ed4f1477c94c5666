using LowRank.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Examples.Modules;

/// <summary>Says which library a piece of documentation is about: token embedding, a bidirectional block, mean pooling, classes.</summary>
[Module]
public partial class TextClassifier
{
    private const int Width = 64;

    /// <summary>A vector for each token.</summary>
    [Embedding(LibraryTexts.Vocabulary, Width)]
    public partial Embedding Tokens { get; }

    /// <summary>Where a token stands.</summary>
    [Embedding(LibraryTexts.Length, Width)]
    public partial Embedding Positions { get; }

    /// <summary>Reads the tokens in the light of one another.</summary>
    [Part]
    public partial EncoderBlock Block { get; }

    /// <summary>Before the head.</summary>
    [Normalization(Width)]
    public partial RmsNorm Norm { get; }

    /// <summary>The mean over the tokens to a score for each library.</summary>
    [Linear(Width, LibraryTexts.Classes, Bias = true)]
    public partial LinearLayer Head { get; }

    /// <summary>Int64 ids <c>[batch, 32]</c> to logits <c>[batch, classes]</c>.</summary>
    /// <param name="ids">Token ids.</param>
    public Tensor forward(Tensor ids)
    {
        using var scope = NewDisposeScope();
        using Scalar first = 0,
            next = 1,
            length = ids.shape[1];
        var x = ResidualPath.Sum(Tokens.forward(ids), Positions.forward(arange(first, length, next, int64, ids.device)));
        return Head.forward(Norm.forward(Block.forward(x)).mean([1])).MoveToOuterDisposeScope();
    }
}
