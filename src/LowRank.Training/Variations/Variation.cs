using System.Globalization;
using LowRank.Generator.Model;

namespace LowRank.Training.Variations;

/// <summary>Changes of a declaration's numbers: <c>rank=128,FeedForward.hidden=512</c>.</summary>
internal sealed class Variation
{
    private Variation(IReadOnlyList<(VariedPlace Place, double Value)> changes) => Changes = changes;

    /// <summary>The changes, in the order in which they are made: those of all sublayers before those of one.</summary>
    public IReadOnlyList<(VariedPlace Place, double Value)> Changes { get; }

    /// <summary>As it is written: the same changes always have the same text.</summary>
    public string Text => string.Join(',', Changes.Select(change => $"{change.Place}={Write(change.Value)}"));

    /// <summary>Reads one.</summary>
    /// <exception cref="InputException">A change is not <c>name=value</c>, or a name is given twice.</exception>
    public static Variation Parse(string text) =>
        Of(
            text.Split(',')
                .Select(change =>
                {
                    var equals = change.IndexOf('=');
                    if (equals < 0)
                        throw new InputException($"'{change}' is no change; write for example rank=64 or FeedForward.rank=64.");
                    var place = VariedPlace.Parse(change[..equals]);
                    return (place, Value(place, change[(equals + 1)..]));
                })
        );

    /// <summary>Makes one of its changes.</summary>
    /// <exception cref="InputException">A place is changed twice, or a rank and a ratio at one.</exception>
    public static Variation Of(IEnumerable<(VariedPlace Place, double Value)> changes)
    {
        var sorted = changes
            .OrderBy(change => change.Place.Sublayer is not null)
            .ThenBy(change => change.Place.Sublayer, StringComparer.OrdinalIgnoreCase)
            .ThenBy(change => change.Place.Quantity)
            .ToList();
        foreach (var (first, second) in sorted.Zip(sorted.Skip(1)))
        {
            if (first.Place.IsSame(second.Place))
                throw new InputException($"{second.Place} is given twice.");
            if (
                string.Equals(first.Place.Sublayer, second.Place.Sublayer, StringComparison.OrdinalIgnoreCase)
                && (first.Place.Quantity, second.Place.Quantity) is (VariedQuantity.Rank, VariedQuantity.Ratio)
            )
                throw new InputException($"{first.Place} and {second.Place} both set the rank; give one.");
        }

        return new(sorted);
    }

    /// <summary>The same with sublayers spelled as a declaration spells them.</summary>
    public Variation For(TransformerDeclaration declaration) =>
        Of(
            Changes.Select(change =>
                (change.Place with { Sublayer = Spelled(change.Place.Sublayer, declaration) ?? change.Place.Sublayer }, change.Value)
            )
        );

    private static string? Spelled(string? sublayer, TransformerDeclaration declaration) =>
        declaration
            .Properties.Select(property => property.Name)
            .FirstOrDefault(name => string.Equals(name, sublayer, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads a value.</summary>
    /// <exception cref="InputException">It is no number of the quantity's kind.</exception>
    public static double Value(VariedPlace place, string text)
    {
        var style = place.Quantity.IsWhole() ? NumberStyles.AllowLeadingSign : NumberStyles.Float;
        var isRead =
            double.TryParse(text.Trim(), style, CultureInfo.InvariantCulture, out var value)
            && double.IsFinite(value)
            && (!place.Quantity.IsWhole() || Math.Abs(value) <= int.MaxValue);
        return isRead
            ? value
            : throw new InputException(
                $"{place}={text} is no {(place.Quantity.IsWhole() ? "whole number" : "number")}; write for example {place}={(place.Quantity.IsWhole() ? "64" : "0.25")}."
            );
    }

    /// <summary>The same for a dense baseline, which has no low rank; null where nothing is left.</summary>
    public Variation? WithoutLowRank() =>
        Changes.Where(change => !change.Place.Quantity.IsOfLowRank()).ToList() is { Count: > 0 } left ? new(left) : null;

    /// <summary>Changes a declaration.</summary>
    /// <exception cref="InputException">It has nothing of what is to be changed.</exception>
    public TransformerDeclaration ApplyTo(TransformerDeclaration declaration) =>
        Changes.Aggregate(declaration, (changed, change) => DeclarationChange.Make(changed, change.Place, change.Value));

    /// <summary>A value as it is written.</summary>
    public static string Write(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
