namespace LowRank;

/// <summary>
/// Also emits two nested classes, so that a comparison never compares copies kept by hand. <c>Dense</c> is the same architecture with every
/// <see cref="LowRankAttribute"/> removed. <c>FlopMatched</c> is the dense model that is as cheap as the factored one: its hidden sizes
/// are scaled by one factor, to the largest whose forward FLOPs per token don't exceed those of the declared model (paper convention,
/// once every guide is gone). There is none where nothing is factored, no sublayer is feed-forward, or attention and head alone cost more.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class DenseBaselineAttribute : Attribute;
