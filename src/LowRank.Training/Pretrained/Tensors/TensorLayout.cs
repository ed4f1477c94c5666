using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained.Tensors;

/// <summary>Which tensors a checkpoint of an architecture has, and which weights of a declared model they are.</summary>
internal sealed class TensorLayout
{
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
    public static TensorLayout Of(Architecture architecture, DeclaredWeights model, Func<string, bool>? contains = null) =>
        architecture switch
        {
            Architecture.Gpt2 => Create(Gpt2Tensors.List, Gpt2Tensors.Prefix, "wte.weight", model, contains, Gpt2Tensors.IsTable),
            Architecture.GptNeo => Create(GptNeoTensors.List, Gpt2Tensors.Prefix, "wte.weight", model, contains, GptNeoTensors.IsTable),
            _ => Create(
                RotaryTensors.Of(architecture),
                RotaryTensors.Prefix,
                "embed_tokens.weight",
                model,
                contains,
                RotaryTensors.IsTable
            ),
        };

    private static TensorLayout Create(
        Func<DeclaredWeights, string, IEnumerable<FileTensor>> list,
        string prefix,
        string embedding,
        DeclaredWeights model,
        Func<string, bool>? contains,
        Func<string, bool> isTable
    )
    {
        const string head = "lm_head.weight";
        // Saved without its head, a model's names lack the prefix.
        var used = contains is not null && contains(embedding) && !contains(prefix + embedding) ? "" : prefix;
        List<FileTensor> tensors = [.. list(model, used)];
        if (model.Head is not null)
            tensors.Add(new FileTensor(head, model.Head));
        return new TensorLayout(tensors, head, tensors[0], isTable);
    }
}
