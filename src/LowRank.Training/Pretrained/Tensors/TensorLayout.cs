using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained.Tensors;

/// <summary>Which tensors a checkpoint of an architecture has, and which weights of a declared model they are.</summary>
internal sealed class TensorLayout
{
    private const string UsualHead = "lm_head.weight";

    private readonly Func<string, bool> isIgnored;

    private TensorLayout(IReadOnlyList<FileTensor> tensors, string headName, FileTensor embedding, Func<string, bool> isIgnored)
    {
        Tensors = tensors;
        HeadName = headName;
        Embedding = embedding;
        this.isIgnored = isIgnored;
    }

    /// <summary>The tensors, in the order in which they are written.</summary>
    public IReadOnlyList<FileTensor> Tensors { get; }

    /// <summary>The head's name; a checkpoint with a tied head may hold the embedding a second time under it.</summary>
    public string HeadName { get; }

    /// <summary>The token embedding.</summary>
    public FileTensor Embedding { get; }

    /// <summary>Whether a tensor is a table that the library computes by itself, such as a mask, and no weight.</summary>
    public bool IsIgnored(string name) => isIgnored(name);

    /// <summary>The layout of a checkpoint.</summary>
    /// <param name="architecture">The architecture.</param>
    /// <param name="model">The model; its declaration needs not agree with the architecture.</param>
    /// <param name="contains">Whether the checkpoint holds a tensor, to tell whether its names begin with the base model's; null to
    /// write.</param>
    /// <param name="queryScale">What queries of latent attention are multiplied by when they are read.</param>
    public static TensorLayout Of(
        Architecture architecture,
        DeclaredWeights model,
        Func<string, bool>? contains = null,
        double queryScale = 1
    ) =>
        architecture switch
        {
            Architecture.Gpt2 => Create(
                Gpt2Tensors.List,
                new(Gpt2Tensors.Prefix, "wte.weight", UsualHead, Gpt2Tensors.IsTable),
                model,
                contains
            ),
            Architecture.GptNeo => Create(
                GptNeoTensors.List,
                new(Gpt2Tensors.Prefix, "wte.weight", UsualHead, GptNeoTensors.IsTable),
                model,
                contains
            ),
            Architecture.GptNeoX => Create(
                GptNeoXTensors.List,
                new(GptNeoXTensors.Prefix, GptNeoXTensors.Embedding, GptNeoXTensors.Head, GptNeoXTensors.IsTable),
                model,
                contains
            ),
            _ => Create(
                RotaryTensors.Of(architecture, queryScale),
                new(RotaryTensors.Prefix, "embed_tokens.weight", UsualHead, RotaryTensors.IsTable),
                model,
                contains
            ),
        };

    private static TensorLayout Create(
        Func<DeclaredWeights, string, IEnumerable<FileTensor>> list,
        Names names,
        DeclaredWeights model,
        Func<string, bool>? contains
    )
    {
        // Saved without its head, a model's names lack the prefix.
        var used = contains is not null && contains(names.Embedding) && !contains(names.Prefix + names.Embedding) ? "" : names.Prefix;
        List<FileTensor> tensors = [.. list(model, used)];
        if (model.Head is not null)
            tensors.Add(new FileTensor(names.Head, model.Head));
        return new TensorLayout(tensors, names.Head, tensors[0], names.IsTable);
    }

    private sealed record Names(string Prefix, string Embedding, string Head, Func<string, bool> IsTable);
}
