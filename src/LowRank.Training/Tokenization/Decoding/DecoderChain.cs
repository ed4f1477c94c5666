namespace LowRank.Training.Tokenization.Decoding;

/// <summary>A step as a file names it.</summary>
/// <param name="Make">Makes it before another one; told whether it stands behind all tokens as one text that goes on.</param>
internal sealed record DecoderPart(Func<bool, DecoderStep, DecoderStep> Make)
{
    /// <summary>Whether all tokens are one text behind it.</summary>
    public bool Fuses { get; init; }

    /// <summary>Whether it takes characters off the beginning alone, which needs no end.</summary>
    public bool StripsBeginning { get; init; }
}

/// <summary>The steps from tokens to text.</summary>
internal static class DecoderChain
{
    /// <summary>Makes them; their first is returned.</summary>
    /// <param name="parts">The steps in their order.</param>
    /// <param name="end">Gets the text.</param>
    public static DecoderStep Start(IReadOnlyList<DecoderPart> parts, DecoderStep end)
    {
        var (step, streams) = (end, true);
        for (var index = parts.Count - 1; index >= 0; index--)
        {
            var part = parts[index];
            if (part.Fuses)
            {
                // Steps that need a token's end wait for the text's.
                step = part.Make(false, streams ? step : new FusedTokens(step));
                streams = false;
                continue;
            }

            var isFused = streams && part.StripsBeginning && IsBehindFuse(parts, index);
            streams &= part.StripsBeginning;
            step = part.Make(isFused, step);
        }

        return step;
    }

    private static bool IsBehindFuse(IReadOnlyList<DecoderPart> parts, int index)
    {
        while (--index >= 0)
        {
            if (!parts[index].StripsBeginning)
                return parts[index].Fuses;
        }

        return false;
    }
}
