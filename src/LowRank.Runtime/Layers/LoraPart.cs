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
    /// <summary>The name under which the adapter is registered: <c>lora</c>, or <c>query_lora</c>.</summary>
    internal string RegisteredName => Name.Length == 0 ? "lora" : Name + "_lora";
}
