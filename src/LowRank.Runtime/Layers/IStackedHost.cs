namespace LowRank.Layers;

/// <summary>A layer in which several linear layers read one input.</summary>
internal interface IStackedHost
{
    /// <summary>How they compute together where all are of one form; null where they are not.</summary>
    LinearStack? Stack { get; }
}
