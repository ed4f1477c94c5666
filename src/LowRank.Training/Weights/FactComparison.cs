using System.Globalization;

namespace LowRank.Training.Weights;

/// <summary>Finds every property in which a declaration and a <c>config.json</c> differ.</summary>
internal static class FactComparison
{
    // Numbers that went through single precision on their way into a file.
    private const double Tolerance = 1e-6;

    /// <summary>All contradictions, and what differs without any harm.</summary>
    public static (IReadOnlyList<Contradiction> Contradictions, IReadOnlyList<string> Notes) Compare(
        TransformerFacts declared,
        TransformerFacts found
    )
    {
        var contradictions = new List<Contradiction>();
        var notes = new List<string>();
        Whole("vocabulary", facts => facts.Vocabulary);
        CompareContext();
        Whole("width", facts => facts.Width);
        Whole("depth", facts => facts.Depth);
        Whole("heads", facts => facts.Heads);
        Whole("key/value heads", facts => facts.KeyValueHeads);
        Whole("head size", facts => facts.HeadSize);
        Words("latent attention", facts => facts.Latent?.ToString() ?? "no");
        Words("norm of queries and keys", facts => facts.QueryKeyNorm.ToString());
        CompareWindows();
        CompareScores();
        Real("scale of the embedding", facts => facts.EmbeddingScale);
        Real("scale of the logits", facts => facts.LogitScale);
        Words("soft cap of the logits", facts => Text(facts.LogitSoftCap, "none"));
        Words(
            "hidden size of the feed-forward layers",
            facts => facts.Hidden > 0 ? facts.Hidden.ToString(CultureInfo.InvariantCulture) : "none but those of experts"
        );
        CompareMixtures();
        Words("activation", facts => facts.Activation.ToString());
        Words("gated feed-forward", facts => YesOrNo(facts.Gated));
        Words("norm", facts => facts.Norm.ToString());
        Words("bias of the norms", facts => YesOrNo(facts.NormBias));
        Words("place of the norms", facts => facts.NormPlacement.ToString());
        Real("epsilon of the norms", facts => facts.NormEpsilon);
        ComparePositions();
        Words("residual", facts => facts.Residual.ToString());
        Words("bias of queries, keys and values", facts => YesOrNo(facts.QueryKeyValueBias));
        Words("bias of the attention's output", facts => YesOrNo(facts.OutputBias));
        Words(
            "bias of the feed-forward layers",
            facts => facts.PartialFeedForwardBias ? $"of some ({facts.Biases})" : YesOrNo(facts.FeedForwardBias)
        );
        Words("head tied to the embedding", facts => YesOrNo(facts.TiedHead));
        return (contradictions, notes);

        // Positions that aren't learned have no weights: on shorter sequences the model is the same.
        void CompareContext()
        {
            if (!declared.LearnedPositions && declared.Context < found.Context)
                notes.Add(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"The declared context of {declared.Context} is shorter than the checkpoint's {found.Context}; nothing else changes."
                    )
                );
            else
                Whole("context", facts => facts.Context);
        }

        void CompareWindows()
        {
            // Another depth is said already.
            if (declared.Depth != found.Depth)
                return;
            var context = Math.Min(declared.Context, found.Context);
            var (left, right) = (declared.WindowsWithin(context), found.WindowsWithin(context));
            if (!left.SequenceEqual(right))
                contradictions.Add(new("window", WindowText.Of(left), WindowText.Of(right)));
        }

        void CompareMixtures()
        {
            if (declared.Depth != found.Depth || (declared.Mixture ?? found.Mixture) is null)
                return;
            Words(
                "experts",
                facts => facts.Mixtures.Count > 0 ? BlockText.Of(facts.Mixtures, mixture => mixture?.ToString() ?? "none") : "none"
            );
            if (found.Mixture is { HasBias: true } && declared.Mixture is { HasBias: false })
                contradictions.Add(new("bias of the choice of experts", "no", "yes"));
        }

        void CompareScores()
        {
            if (declared.Depth != found.Depth)
                return;
            // As good as the usual one is the usual one.
            var usual = 1 / Math.Sqrt(declared.HeadSize);
            Words(
                "scale of the scores",
                facts =>
                    BlockText.Of(facts.ScoreScales, scale => scale is { } given && Differ(given, usual) ? Text(given, "") : "1/√head size")
            );
            Words("soft cap of the scores", facts => BlockText.Of(facts.ScoreSoftCaps, cap => Text(cap, "none")));
        }

        void ComparePositions()
        {
            Words("positions", PositionsOf);
            if (PositionsOf(declared) != PositionsOf(found) || declared.Depth != found.Depth)
                return;
            var (left, right) = (declared.Rotations.OfType<RotationFacts>().ToList(), found.Rotations.OfType<RotationFacts>().ToList());
            Each("base of the rotary frequencies", left, right, rotation => rotation.Base);
            Each("fraction of a head that is rotated", left, right, rotation => rotation.Fraction);
            Words("scaling of the rotary frequencies", facts => BlockText.Of(facts.Rotations, rotation => rotation?.ScalingText ?? "none"));
        }

        // Of those blocks that rotate, which are the same on both sides.
        void Each(string property, List<RotationFacts> left, List<RotationFacts> right, Func<RotationFacts, double> value)
        {
            if (left.Zip(right).Any(pair => Differ(value(pair.First), value(pair.Second))))
                contradictions.Add(new(property, BlockText.Of(left, Text), BlockText.Of(right, Text)));

            string Text(RotationFacts rotation) => value(rotation).ToString(CultureInfo.InvariantCulture);
        }

        void Whole(string property, Func<TransformerFacts, int> value) =>
            Words(property, facts => value(facts).ToString(CultureInfo.InvariantCulture));

        void Real(string property, Func<TransformerFacts, double> value)
        {
            var (left, right) = (value(declared), value(found));
            if (Differ(left, right))
                contradictions.Add(
                    new(property, left.ToString(CultureInfo.InvariantCulture), right.ToString(CultureInfo.InvariantCulture))
                );
        }

        void Words(string property, Func<TransformerFacts, string> value)
        {
            var (left, right) = (value(declared), value(found));
            if (left != right)
                contradictions.Add(new(property, left, right));
        }
    }

    private static bool Differ(double left, double right) => Math.Abs(left - right) > Tolerance * Math.Max(Math.Abs(left), Math.Abs(right));

    private static string PositionsOf(TransformerFacts facts)
    {
        var rotary = BlockText.Of(facts.Rotations, rotation => (rotation is null ? Positions.None : Positions.Rotary).ToString());
        return !facts.LearnedPositions ? rotary
            : rotary == nameof(Positions.None) ? nameof(Positions.Learned)
            : $"{Positions.Learned} and {rotary}";
    }

    private static string Text(double? value, string missing) => value?.ToString(CultureInfo.InvariantCulture) ?? missing;

    private static string YesOrNo(bool value) => value ? "yes" : "no";
}
