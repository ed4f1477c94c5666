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
        Words("norm of query and key heads", facts => YesOrNo(facts.QueryKeyNorm));
        CompareWindows();
        Whole("hidden size of the feed-forward layers", facts => facts.Hidden);
        Words("activation", facts => facts.Activation.ToString());
        Words("gated feed-forward", facts => YesOrNo(facts.Gated));
        Words("norm", facts => facts.Norm.ToString());
        Real("epsilon of the norms", facts => facts.NormEpsilon);
        Words("positions", facts => facts.Positions.ToString());
        if (declared.Positions == Positions.Rotary && found.Positions == Positions.Rotary)
        {
            Real("base of the rotary frequencies", facts => facts.RotaryBase);
            Real("fraction of a head that is rotated", facts => facts.RotaryFraction);
        }

        Words("residual", facts => facts.Residual.ToString());
        Words("bias of queries, keys and values", facts => YesOrNo(facts.QueryKeyValueBias));
        Words("bias of the attention's output", facts => YesOrNo(facts.OutputBias));
        Words("bias of the feed-forward layers", facts => YesOrNo(facts.FeedForwardBias));
        Words("head tied to the embedding", facts => YesOrNo(facts.TiedHead));
        return (contradictions, notes);

        // Rotary positions have no weights: on shorter sequences the model is the same.
        void CompareContext()
        {
            if (declared.Positions == Positions.Rotary && declared.Context < found.Context)
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

        void Whole(string property, Func<TransformerFacts, int> value) =>
            Words(property, facts => value(facts).ToString(CultureInfo.InvariantCulture));

        void Real(string property, Func<TransformerFacts, double> value)
        {
            var (left, right) = (value(declared), value(found));
            if (Math.Abs(left - right) > Tolerance * Math.Max(Math.Abs(left), Math.Abs(right)))
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

    private static string YesOrNo(bool value) => value ? "yes" : "no";
}
