using LowRank.Training.Runs;
using LowRank.Training.Tests.CommandLine;

namespace LowRank.Training.Tests.Runs;

/// <summary>Why a model has no dense one of its FLOPs is said where the variant is asked for.</summary>
public sealed class MissingMatchTests
{
    [Fact]
    public void Each_reason_has_its_sentence()
    {
        var entry = PaperModel.Entry;
        var dense = entry.Dense!;
        Says(
            "PaperXl has no FLOP-matched dense model: attention and head of its dense baseline alone cost more than its 2,169,503,744 forward FLOPs per token; name other variants.",
            entry
        );
        Says(
            "PaperXl has no FLOP-matched dense model: no sublayer is feed-forward, whose hidden layer could be narrowed; name other variants.",
            entry with
            {
                Dense = dense with
                {
                    Cost = dense.Cost with { Sublayers = [.. dense.Cost.Sublayers.Where(part => part.Kind != "feed-forward")] },
                },
            }
        );
        Says(
            "PaperXl declares no FLOP-matched dense model; add [DenseBaseline] to the class, or name other variants.",
            entry with
            {
                Dense = null,
            }
        );
        Says(
            "PaperXl has no factored layer, so it is its own FLOP-matched dense model; name the variant dense.",
            entry with
            {
                Cost = dense.Cost,
            }
        );
        Assert.Same(dense, Variants.Entry(entry with { FlopMatched = dense }, Variant.FlopMatched));
    }

    private static void Says(string sentence, ModelEntry entry) =>
        Assert.Equal(sentence, Assert.Throws<InputException>(() => Variants.Entry(entry, Variant.FlopMatched)).Message);
}
