namespace LowRank.Training.Tokenization.Patterns;

/// <summary>A part of a regular expression.</summary>
internal abstract record PatternNode
{
    /// <summary>Characters that it matches at least.</summary>
    public abstract int Shortest { get; }

    /// <summary>Characters that it matches at most; null for any number.</summary>
    public abstract int? Longest { get; }
}

/// <summary>One character of a set.</summary>
internal sealed record SetNode(CharacterSet Set) : PatternNode
{
    public override int Shortest => 1;

    public override int? Longest => 1;
}

/// <summary>Parts one after the other.</summary>
internal sealed record SequenceNode(IReadOnlyList<PatternNode> Parts) : PatternNode
{
    public override int Shortest { get; } = Lengths.Sum(Parts.Select(part => (int?)part.Shortest)) ?? int.MaxValue;

    public override int? Longest { get; } = Lengths.Sum(Parts.Select(part => part.Longest));
}

/// <summary>The first of several that leads to a match.</summary>
internal sealed record ChoiceNode(IReadOnlyList<PatternNode> Choices) : PatternNode
{
    public override int Shortest { get; } = Choices.Min(choice => choice.Shortest);

    public override int? Longest { get; } = Choices.Any(choice => choice.Longest is null) ? null : Choices.Max(choice => choice.Longest);
}

/// <summary>How a repetition gives back what it has taken.</summary>
internal enum Greed
{
    Greedy,
    Lazy,
    Possessive,
}

/// <summary>A part repeated; <paramref name="Most"/> is null for any number.</summary>
internal sealed record RepeatNode(PatternNode Body, int Least, int? Most, Greed Greed) : PatternNode
{
    public override int Shortest { get; } = Lengths.Times(Body.Shortest, Least) ?? int.MaxValue;

    public override int? Longest { get; } = Lengths.Times(Body.Longest, Most);
}

/// <summary>A look at what follows or what went before.</summary>
internal sealed record LookNode(PatternNode Body, bool Behind, bool Negated) : PatternNode
{
    public override int Shortest => 0;

    public override int? Longest => 0;
}

/// <summary>A group that gives back nothing of what it has matched.</summary>
internal sealed record AtomicNode(PatternNode Body) : PatternNode
{
    public override int Shortest => Body.Shortest;

    public override int? Longest => Body.Longest;
}

/// <summary>A place in the text.</summary>
internal sealed record AnchorNode(Anchor Anchor) : PatternNode
{
    public override int Shortest => 0;

    public override int? Longest => 0;
}

/// <summary>Kinds of places.</summary>
internal enum Anchor
{
    LineStart,
    LineEnd,
    TextStart,
    TextEnd,
    TextEndOrLastLineFeed,
    WordBoundary,
    NoWordBoundary,
}

/// <summary>Arithmetic with lengths that stays within its range.</summary>
internal static class Lengths
{
    private const int Most = 1 << 20;

    public static int? Sum(IEnumerable<int?> lengths) =>
        lengths.Aggregate((int?)0, (sum, length) => sum is null || length is null ? null : Math.Min(Most, sum.Value + length.Value));

    public static int? Times(int? length, int? count) =>
        length is null || count is null ? (length == 0 ? 0 : null) : (int)Math.Min(Most, (long)length.Value * count.Value);
}
