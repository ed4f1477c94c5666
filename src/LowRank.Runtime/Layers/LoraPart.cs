namespace LowRank.Layers;

/// <summary>An adapter as it is asked for: which outputs of a linear layer it adds to, and of what size it is.</summary>
/// <param name="Name">What the outputs are, such as <c>query</c> within a fused product; empty for all of them.</param>
/// <param name="FirstOutput">The first of the outputs.</param>
/// <param name="Outputs">How many they are.</param>
/// <param name="Rank">r.</param>
/// <param name="Alpha">α.</param>
/// <param name="Dropout">Fraction of the inputs that is dropped in training, in [0, 1).</param>
public sealed record LoraPart(string Name, long FirstOutput, long Outputs, int Rank, double Alpha, double Dropout = 0)
{
    /// <summary>
    /// Whether the output is multiplied by α/√r instead of α/r, so that it does not shrink as the rank grows (rsLoRA, Kalajdzievski,
    /// 2023, arXiv:2312.03732).
    /// </summary>
    public bool RankStabilized { get; init; }

    /// <summary>What the adapter's output is multiplied by: α/r, or α/√r.</summary>
    internal double Scale => Alpha / (RankStabilized ? Math.Sqrt(Rank) : Rank);

    /// <summary>The name under which the adapter is registered: <c>lora</c>, or <c>query_lora</c>.</summary>
    internal string RegisteredName => Name.Length == 0 ? "lora" : Name + "_lora";
}
