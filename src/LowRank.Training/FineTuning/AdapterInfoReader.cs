using LowRank.Layers;
using LowRank.Training.Json;

namespace LowRank.Training.FineTuning;

/// <summary>Reads <c>adapter.json</c>, which may come from anywhere.</summary>
internal static class AdapterInfoReader
{
    // Far above any layer's, so that no sum of two is too large.
    private const long LargestSize = 1L << 40;

    /// <summary>Reads it.</summary>
    /// <exception cref="InputException">It can't be read, or says something else; file and key are named.</exception>
    public static AdapterInfo Read(string path)
    {
        var root = JsonFile.Read(path);
        if (!root.IsObject)
            throw root.MustBe("an object");
        return new AdapterInfo
        {
            Format = (int)(root.Optional("format")?.Whole(1, 1) ?? 1),
            Model = root.At("model").Text("the full name of a model"),
            Adapted = ReadLayers(root.At("adapted")),
        };
    }

    /// <summary>The adapted layers of a list.</summary>
    /// <exception cref="InputException">Something else stands there.</exception>
    public static IReadOnlyList<AdaptedLayer> ReadLayers(JsonPlace list) =>
        [
            .. list.Elements()
                .Select(layer => new AdaptedLayer(
                    layer.At("layer").Text("the name of a layer"),
                    [.. layer.At("parts").Elements().Select(ReadPart)]
                )),
        ];

    private static LoraPart ReadPart(JsonPlace part) =>
        new(
            part.At("name").Text(),
            part.At("firstOutput").Whole(0, LargestSize),
            part.At("outputs").Whole(1, LargestSize),
            (int)part.At("rank").Whole(1, int.MaxValue),
            part.At("alpha").Real("a number above 0"),
            part.Optional("dropout")?.Real() ?? 0
        )
        {
            RankStabilized = part.Optional("rankStabilized")?.Flag() ?? false,
        };
}
