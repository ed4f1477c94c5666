namespace LowRank.Training.Optimization;

/// <summary>What a parameter is to an optimizer.</summary>
public enum ParameterKind
{
    /// <summary>Embeddings, the head, norms, biases, and whatever belongs to no linear layer.</summary>
    Other,

    /// <summary>The weight of a linear layer other than the head: <c>[outputs, inputs]</c>.</summary>
    Matrix,

    /// <summary>U or V of a factored linear layer.</summary>
    Factor,

    /// <summary>The full-size weight beside the factors, while it exists.</summary>
    Guide,
}
