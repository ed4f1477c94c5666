using LowRank.Training.Wording;

namespace LowRank.Training.Templates;

/// <summary>How much one rendering may do, so that a template from a file neither hangs nor fills the memory.</summary>
internal sealed class Budget(CancellationToken stop)
{
    /// <summary>Characters of one text.</summary>
    public const int MostCharacters = 16 << 20;

    /// <summary>Elements of one list.</summary>
    public const int MostItems = 1 << 20;

    private const long MostSteps = 5_000_000;
    private const long MostMade = 256L << 20;
    private const int BetweenLooks = 4_096;

    // What an element takes, in characters.
    private const int ItemSize = 16;

    private long steps;
    private long made;

    /// <summary>Counts a step.</summary>
    /// <exception cref="TemplateFault">There were too many.</exception>
    /// <exception cref="OperationCanceledException">It is time to stop.</exception>
    public void Step()
    {
        if (++steps > MostSteps)
            throw new TemplateFault($"the template takes more than {Quantity.Count(MostSteps)} steps");
        if (steps % BetweenLooks == 0)
            stop.ThrowIfCancellationRequested();
    }

    /// <summary>Counts the elements of a list before it is made.</summary>
    /// <exception cref="TemplateFault">There were too many.</exception>
    public void MakeItems(long count)
    {
        if (count > MostItems)
            throw new TemplateFault($"the template makes a list of more than the {Quantity.Count(MostItems)} elements that are allowed");
        Make(count * ItemSize);
    }

    /// <summary>Counts characters before they are made.</summary>
    /// <exception cref="TemplateFault">There were too many.</exception>
    public void Make(long count)
    {
        made += Math.Max(count, 0);
        if (count > MostCharacters || made > MostMade)
            throw TooLarge();
    }

    /// <summary>What is said of texts that are too large.</summary>
    public static TemplateFault TooLarge() =>
        new($"the template makes more text than the {Quantity.Count(MostCharacters)} characters that are allowed");
}
