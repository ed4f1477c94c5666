using LowRank.Training.Wording;

namespace LowRank.Training.Variations;

/// <summary>What is varied: <c>width</c>, <c>rank</c>, or <c>FeedForward.rank</c> for one sublayer's.</summary>
/// <param name="Sublayer">The sublayer's name; null for every one that has the quantity.</param>
/// <param name="Quantity">The quantity.</param>
internal sealed record VariedPlace(string? Sublayer, VariedQuantity Quantity)
{
    /// <summary>As it is written.</summary>
    public string Key => Sublayer is null ? Quantity.Key() : $"{Sublayer}.{Quantity.Key()}";

    /// <summary>Whether another is the same, however its sublayer is spelled.</summary>
    public bool IsSame(VariedPlace other) => string.Equals(Key, other.Key, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads one.</summary>
    /// <exception cref="InputException">There is no such quantity, or it is the whole model's.</exception>
    public static VariedPlace Parse(string text)
    {
        var dot = text.LastIndexOf('.');
        var (sublayer, name) = dot < 0 ? (null, text.Trim()) : (text[..dot].Trim(), text[(dot + 1)..].Trim());
        VariedQuantity? found = Enum.GetValues<VariedQuantity>()
            .Where(quantity => string.Equals(quantity.Key(), name, StringComparison.OrdinalIgnoreCase))
            .Select(quantity => (VariedQuantity?)quantity)
            .FirstOrDefault();
        if (found is not { } quantity)
            throw new InputException(
                $"'{name}' can't be varied; {NearestNames.Question(name, VariedQuantities.Keys) ?? $"what can is {string.Join(", ", VariedQuantities.Keys)}."}"
            );
        if (sublayer is not null && quantity.IsOfModel())
            throw new InputException($"{quantity.Key()} is the whole model's; write it without '{sublayer}.'.");
        return new(sublayer, quantity);
    }

    public override string ToString() => Key;
}
