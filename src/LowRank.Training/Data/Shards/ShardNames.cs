using System.Globalization;

namespace LowRank.Training.Data.Shards;

/// <summary>What the files of a plan are called.</summary>
internal static class ShardNames
{
    public const string NanoGptTraining = "train.bin";
    public const string NanoGptValidation = "val.bin";

    /// <summary>Names the ranges, which come with those held out first.</summary>
    public static IEnumerable<PlannedShard> Name(
        ShardOptions options,
        IEnumerable<(bool IsHeldOut, bool FromHeldOut, long Start, long Tokens)> ranges
    )
    {
        var heldOut = 0;
        var training = 0;
        foreach (var (isHeldOut, fromHeldOut, start, tokens) in ranges)
        {
            var number = isHeldOut ? heldOut++ : training++;
            var file = options.Format switch
            {
                TokenFileFormat.LowRank => Invariant($"{(isHeldOut ? "validation" : "training")}-{number:000000}.tokens"),
                TokenFileFormat.LlmC when isHeldOut => Invariant($"{options.Name}_val_{number:000000}.bin"),
                // Counted on from those held out; with 1 even where there are none.
                TokenFileFormat.LlmC => Invariant($"{options.Name}_train_{Math.Max(1, heldOut) + number:000000}.bin"),
                _ => isHeldOut ? NanoGptValidation : NanoGptTraining,
            };
            yield return new PlannedShard(file, isHeldOut, fromHeldOut, start, tokens);
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
