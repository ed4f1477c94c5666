using LowRank.Training.Wording;

namespace LowRank.Training.Conversations;

/// <summary>What became of the records of conversations.</summary>
internal sealed class ConversationTally
{
    private readonly SortedDictionary<string, long> passedOver = new(StringComparer.Ordinal);
    private string? first;

    /// <summary>Conversations that are learned from.</summary>
    public long Used { get; private set; }

    /// <summary>Those of them that became an example for each answer.</summary>
    public long Split { get; private set; }

    /// <summary>Those of them with an answer that no end token ends.</summary>
    public long Endless { get; private set; }

    /// <summary>Notes one that is learned from.</summary>
    public void Use(int examples, bool isEndless)
    {
        Used++;
        Split += examples > 1 ? 1 : 0;
        Endless += isEndless ? 1 : 0;
    }

    /// <summary>Notes one that isn't.</summary>
    /// <param name="reason">Why, in a few words.</param>
    /// <param name="what">Where it is and what is wrong with it.</param>
    /// <param name="count">How many.</param>
    public void PassOver(string reason, string what, long count = 1)
    {
        passedOver[reason] = passedOver.GetValueOrDefault(reason) + count;
        first ??= what;
    }

    /// <summary>All of it in one sentence, without a full stop.</summary>
    public override string ToString()
    {
        var parts = new List<string> { Counted(Used, "conversation") };
        if (Split > 0)
            parts.Add(
                $"{Quantity.Count(Split)} as an example for each answer, since the template writes earlier turns otherwise once others follow"
            );
        if (Endless > 0)
            parts.Add(
                $"{Quantity.Count(Endless)} with an answer that no end token ends, so that the model doesn't learn there when to stop"
            );
        if (passedOver.Count > 0)
        {
            var reasons = string.Join(", ", passedOver.Select(pair => $"{Quantity.Count(pair.Value)} {pair.Key}"));
            parts.Add($"passed over: {reasons}, of which the first: {first}");
        }

        return string.Join("; ", parts);
    }

    private static string Counted(long count, string name) => $"{Quantity.Count(count)} {name}{(count == 1 ? "" : "s")}";
}
