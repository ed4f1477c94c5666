using LowRank.Kernels;
using LowRank.Training.Wording;

namespace LowRank.Training.Data.Examples;

/// <summary>
/// Rows of whole examples, packed by <see cref="BestFit"/>, and the same whatever the seed, the micro-batch and the number of processes.
/// An example of n tokens takes n − 1 places, since nothing follows its last token. One that is longer than a row is cut to its beginning.
/// What is left of a row is padding, as a document of its own whose targets don't count.
/// </summary>
internal sealed class PackedExamples : TokenRows
{
    private readonly ExampleShard examples;
    private readonly int padding;
    private readonly int[] items;
    private readonly int[] ends;
    private readonly int[] counted;

    /// <summary>Packs.</summary>
    /// <param name="examples">The examples.</param>
    /// <param name="context">Tokens of a row.</param>
    /// <param name="name">What the examples are called in messages.</param>
    /// <param name="padding">The token that fills rows up.</param>
    /// <exception cref="InputException">No example has a token that counts within a row.</exception>
    public PackedExamples(ExampleShard examples, int context, string name, int padding)
        : base(context)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(context);
        (this.examples, this.padding) = (examples, padding);
        var lengths = new int[checked((int)examples.Count)];
        var countedOf = new int[lengths.Length];
        for (var example = 0; example < lengths.Length; example++)
        {
            var (start, end) = examples.PlaceOf(example);
            var length = (int)Math.Min(end - start - 1, context);
            countedOf[example] = examples.CountedIn(start + 1, start + 1 + length);
            var isCut = length < end - start - 1;
            if (countedOf[example] == 0)
            {
                Lost++;
                continue;
            }

            Cut += isCut ? 1 : 0;
            lengths[example] = length;
        }

        (items, ends) = BestFit.Pack(lengths, context);
        if (ends.Length == 0)
        {
            throw new InputException(
                $"None of the {Quantity.Count(examples.Count)} {name} has a token that counts in the loss within {Quantity.Count(context)} tokens; declare a longer context, or give shorter examples."
            );
        }

        counted = new int[ends.Length];
        for (var row = 0; row < ends.Length; row++)
        {
            foreach (var example in ItemsOf(row))
                counted[row] += countedOf[example];
        }

        Filled = lengths.Sum(length => (long)length);
    }

    /// <inheritdoc/>
    public override long Count => ends.Length;

    /// <inheritdoc/>
    public override bool CountsAll => false;

    /// <summary>Examples that are longer than a row, of which the beginning is read.</summary>
    public long Cut { get; }

    /// <summary>Examples of which no row holds anything, since no token counts within its length.</summary>
    public long Lost { get; }

    /// <summary>Places of all rows that hold an example's token; the others are padding.</summary>
    public long Filled { get; }

    /// <inheritdoc/>
    public override int CountedOf(long row) => counted[row];

    /// <inheritdoc/>
    public override IReadOnlyList<int> StartsOf(long row)
    {
        var starts = new List<int>();
        var place = 0;
        foreach (var example in ItemsOf(row))
        {
            starts.Add(place);
            place += LengthOf(example).Length;
        }

        if (place < Context)
            starts.Add(place);
        return starts;
    }

    /// <inheritdoc/>
    public override void Read(long row, Span<long> inputs, Span<long> targets)
    {
        var place = 0;
        foreach (var example in ItemsOf(row))
        {
            var (start, length) = LengthOf(example);
            examples.Read(start, inputs.Slice(place, length), targets.Slice(place, length));
            place += length;
        }

        inputs[place..].Fill(padding);
        targets[place..].Fill(IFusedOperations.IgnoredTarget);
    }

    /// <summary>What a run should be told of the examples; null for nothing.</summary>
    public string? Note()
    {
        if (Cut + Lost == 0)
            return null;
        var context = Quantity.Count(Context);
        var cut = $"{Quantity.Count(Cut)} are longer than the context of {context} tokens and cut at its end";
        var lost = $"{Quantity.Count(Lost)} are left out, since none of their first {context} tokens counts in the loss";
        return $"Of {Quantity.Count(examples.Count)} examples {(Cut == 0 ? lost : Lost == 0 ? cut : $"{cut}, and {lost}")}.";
    }

    private ReadOnlySpan<int> ItemsOf(long row) => items.AsSpan(row == 0 ? 0 : ends[row - 1], ends[row] - (row == 0 ? 0 : ends[row - 1]));

    private (long Start, int Length) LengthOf(int example)
    {
        var (start, end) = examples.PlaceOf(example);
        return (start, (int)Math.Min(end - start - 1, Context));
    }
}
