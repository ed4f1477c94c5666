namespace LowRank.Training.Weights;

/// <summary>What the guide beside a pair of factors starts as.</summary>
public enum GuideStart
{
    /// <summary>
    /// The pretrained weight itself: the model starts as the pretrained one and is handed over to its factors step by step.
    /// </summary>
    Pretrained,

    /// <summary>
    /// The factors' product, as in a training from scratch: the model starts as its factors, and the guide lets them move freely.
    /// </summary>
    Product,
}
