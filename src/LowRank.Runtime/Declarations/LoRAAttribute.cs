namespace LowRank;

/// <summary>
/// Low-rank adaptation (Hu et al., 2021) of the linear layers of a sublayer (on a property), of every sublayer (on the class) or of
/// every model (on the assembly): <c>y = Wx + b + (α/r)·B A drop(x)</c> with <c>A: rank × inputs</c> and <c>B: outputs × rank</c>. As
/// the variant <c>lora</c> a model is trained by its adapters alone: all else is frozen, has no gradient and no optimizer state. The
/// nearest declaration that selects a linear layer wins, as with <see cref="LowRankAttribute"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class | AttributeTargets.Assembly, AllowMultiple = true, Inherited = false)]
public sealed class LoRAAttribute : Attribute
{
    /// <summary>Adapts with a given rank.</summary>
    /// <param name="rank">r: inner size of the adapters, from 1 to min(inputs, outputs).</param>
    /// <param name="alpha">α: the adapters' output is multiplied by α/r. Above 0.</param>
    public LoRAAttribute(int rank, double alpha)
    {
        Rank = rank;
        Alpha = alpha;
    }

    /// <summary>r: inner size of the adapters.</summary>
    public int Rank { get; }

    /// <summary>α: the adapters' output is multiplied by α/r.</summary>
    public double Alpha { get; }

    /// <summary>Fraction of an adapter's inputs that is dropped in training, in [0, 1). Default: none.</summary>
    public double Dropout { get; set; }

    /// <summary>The blocks that are adapted, as C# ranges over the depth. Default: all.</summary>
    public string Layers { get; set; } = "..";

    /// <summary>The linear layers that are adapted, by their role. Default: all that the sublayer has.</summary>
    public Projections Projections { get; set; } = Projections.All;
}
