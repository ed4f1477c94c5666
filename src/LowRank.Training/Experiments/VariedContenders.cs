using LowRank.Training.Json;
using LowRank.Training.Variations;

namespace LowRank.Training.Experiments;

/// <summary>Makes of one contender those of a design space: <c>"vary": { "rank": [16, 32], "width": "128..256:64" }</c>.</summary>
internal static class VariedContenders
{
    // Each is trained, for every seed.
    private const int Most = 200;

    /// <summary>One contender for each combination of the values, named for it: <c>ranks.rank-16.width-128</c>.</summary>
    /// <exception cref="InputException">A quantity or value is wrong, or there are too many combinations.</exception>
    public static IReadOnlyList<Contender> Of(Contender contender, JsonPlace vary)
    {
        if (VariedModel.Split(contender.Model).Changes is not null)
            throw vary.Wrong($"varies '{contender.Model}', which has changes already; write them here, too, or leave them out");
        Variation[] variations;
        try
        {
            if (!vary.IsObject)
                throw vary.MustBe("an object of quantities and their values");
            var space = DesignSpace.Parse(vary.Members().Select(member => (member.Key, Values(member.Place))));
            variations = [.. space.Variations().Take(Most + 1)];
        }
        catch (InputException exception) when (!exception.Message.StartsWith(vary.File, StringComparison.Ordinal))
        {
            throw new InputException($"{vary.File}: {vary.Path}: {exception.Message}");
        }

        if (variations.Length > Most || variations is [{ Changes.Count: 0 }])
            throw vary.Wrong(variations.Length > Most ? $"makes more than {Most} contenders" : "varies nothing");
        return
        [
            .. variations.Select(variation =>
                contender with
                {
                    Name = $"{contender.Name}.{variation.Text.Replace('=', '-').Replace(',', '.')}",
                    Model = $"{contender.Model}{VariedModel.Mark}{variation.Text}",
                }
            ),
        ];
    }

    private static string Values(JsonPlace place) =>
        place.IsArray ? string.Join(',', place.Elements().Select(element => Variation.Write(element.Real())))
        : place.IsText ? place.Text("a range")
        : Variation.Write(place.Real("a number, an array of numbers or a range such as \"16..64:16\""));
}
