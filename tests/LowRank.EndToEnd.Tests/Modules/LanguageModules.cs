using LowRank.EndToEnd.Tests.Models;
using LowRank.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Modules;

/// <summary>A language model that is no transformer: recurrent layers with residuals, the head tied to the embedding.</summary>
[Module(OwnFlopsPerRow = 0, KeptPerRow = 0)]
[LanguageModel(vocabulary: 300, context: 32, width: 32)]
public partial class RecurrentLanguageModel : ILanguageModule
{
    [Embedding(300, 32)]
    public partial Embedding Tokens { get; }

    [Part(Count = 2)]
    public partial IReadOnlyList<RunningSum> Layers { get; }

    [Normalization(32)]
    public partial RmsNorm Norm { get; }

    public Tensor HeadWeight => Tokens.Weight;

    public Tensor Hidden(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var stream = Tokens.forward(tokens);
        foreach (var layer in Layers)
        {
            var added = layer.forward(stream);
            stream = ResidualPath.Sum(stream, added);
        }

        return Norm.forward(stream).MoveToOuterDisposeScope();
    }
}

/// <summary>The same with a head of its own.</summary>
[Module]
[LanguageModel(vocabulary: 300, context: 32, width: 32)]
public partial class UntiedLanguageModel : ILanguageModule
{
    [Embedding(300, 32)]
    public partial Embedding Tokens { get; }

    [Part]
    public partial LookBack Look { get; }

    [Linear(32, 300)]
    public partial LinearLayer Head { get; }

    public Tensor HeadWeight => ((Linear)Head).Weight;

    public Tensor Hidden(Tensor tokens)
    {
        using var vectors = Tokens.forward(tokens);
        return Look.forward(vectors);
    }
}
