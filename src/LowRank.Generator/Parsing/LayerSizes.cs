using LowRank.Generator.Model;

namespace LowRank.Generator.Parsing;

/// <summary>What the attribute of a layer says, whichever it is.</summary>
internal sealed record LayerSizes(int Inputs, int Outputs, int? Count, bool HasBias, double Epsilon)
{
    private const double DefaultEpsilon = 1e-5;

    // What [Part] says of a transformer's sublayer alone.
    private static readonly string[] OfSublayers = ["module", "Layers"];

    /// <summary>The arguments that mean nothing here.</summary>
    public EquatableArray<string> Idle { get; private init; } = EquatableArray<string>.Empty;

    /// <summary>Where no attribute says what the layer is.</summary>
    public static LayerSizes None { get; } = new(0, 0, null, false, DefaultEpsilon);

    public static LayerSizes Of(string kind, AttributeReader reader)
    {
        var count = reader.Named<int>("Count");
        return kind switch
        {
            "Linear" => new(
                reader.Argument<int>("inputs"),
                reader.Argument<int>("outputs"),
                count,
                reader.Named<bool>("Bias") ?? false,
                DefaultEpsilon
            ),
            "Embedding" => new(reader.Argument<int>("rows"), reader.Argument<int>("width"), count, false, DefaultEpsilon),
            "Normalization" => new(
                reader.Argument<int>("width"),
                0,
                count,
                reader.Named<bool>("Bias") ?? false,
                reader.Named<double>("Epsilon") ?? DefaultEpsilon
            ),
            _ => new(0, 0, count, false, DefaultEpsilon) { Idle = new(OfSublayers.Where(reader.IsWritten)) },
        };
    }
}
