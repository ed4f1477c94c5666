namespace LowRank.Layers;

/// <summary>A layer in which several linear layers read one input.</summary>
internal interface IStackedHost
{
    /// <summary>How they compute together where all are factored; null where some are not.</summary>
    FactoredStack? Stack { get; }
}
