using LowRank.Layers;

namespace LowRank.EndToEnd.Tests.Modules;

/// <summary>Thirty-two equal parts whose guides are drawn.</summary>
[Module]
public partial class SampledParts
{
    [Part(Count = 32)]
    public partial IReadOnlyList<SampledPart> Parts { get; }
}

/// <summary>One of them.</summary>
[Module, LowRank(rank: 2, phaseOut: 1, Guide = Guide.Sampled)]
public partial class SampledPart
{
    [Linear(8, 8)]
    public partial LinearLayer Mix { get; }
}
