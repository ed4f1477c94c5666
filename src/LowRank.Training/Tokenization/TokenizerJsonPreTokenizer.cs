using System.Text;
using LowRank.Training.Json;
using LowRank.Training.Tokenization.Patterns;
using LowRank.Training.Tokenization.Splitting;

namespace LowRank.Training.Tokenization;

/// <summary>Reads how a <c>tokenizer.json</c> splits text into words.</summary>
internal static class TokenizerJsonPreTokenizer
{
    private const int DeepestSequence = 32;

    /// <summary>The steps, and whether words are bytes behind them: the last is <c>ByteLevel</c>, which is then not among them.</summary>
    /// <exception cref="InputException">A step is of an unknown kind, or can't be followed.</exception>
    public static (IReadOnlyList<SplitStep> Steps, bool IsByteLevel) Read(JsonPlace root, string path)
    {
        var steps = new List<SplitStep>();
        if (root.Optional("pre_tokenizer") is { } preTokenizer)
            Add(preTokenizer, steps, path, depth: 0);
        TokenizerJsonReader.RefuseMany(steps.Count, "pre_tokenizer", path);
        var isByteLevel = steps.Count > 0 && steps[^1] is ByteAlphabetStep;
        if (isByteLevel)
            steps.RemoveAt(steps.Count - 1);
        return (steps, isByteLevel);
    }

    /// <summary>Compiles a regular expression of the file.</summary>
    /// <exception cref="InputException">It is wrong, or can't be followed.</exception>
    public static PatternProgram Compile(string expression, string path)
    {
        try
        {
            return PatternProgram.Compile(expression);
        }
        catch (PatternException exception)
        {
            throw TokenizerJsonReader.Refusal(path, exception.Message);
        }
    }

    /// <summary>Where a <c>Metaspace</c> sets a sign of its own.</summary>
    public static PrependScheme Scheme(JsonPlace step)
    {
        var place = step.At("prepend_scheme");
        var scheme = place.IsEmpty
            ? PrependScheme.Always
            : Named(place, ("always", PrependScheme.Always), ("first", PrependScheme.First), ("never", PrependScheme.Never));
        return step.Optional("add_prefix_space")?.Flag() == false ? PrependScheme.Never : scheme;
    }

    private static void Add(JsonPlace step, List<SplitStep> steps, string path, int depth)
    {
        if (depth > DeepestSequence)
            throw TokenizerJsonReader.Refusal(path, "its pre_tokenizer nests sequences too deep");
        switch (step.At("type").Text())
        {
            case "Sequence":
                foreach (var part in step.At("pretokenizers").Elements())
                    Add(part, steps, path, depth + 1);
                break;
            case "ByteLevel":
                if (Flag(step, "add_prefix_space", absent: true))
                    steps.Add(new PrefixSpace());
                if (Flag(step, "use_regex", absent: true))
                    steps.Add(new WordSplit(SplitPattern.Gpt2));
                steps.Add(new ByteAlphabetStep());
                break;
            case "Split":
                steps.Add(Split(step, path));
                break;
            case "Digits":
                var behavior = Flag(step, "individual_digits", absent: false) ? DelimiterBehavior.Isolated : DelimiterBehavior.Contiguous;
                steps.Add(new CharacterSplit(CharacterSplit.Numbers, behavior));
                break;
            case "Punctuation":
                steps.Add(
                    new CharacterSplit(
                        CharacterSplit.Punctuation,
                        step.Optional("behavior") is { } given ? Behavior(given) : DelimiterBehavior.Isolated
                    )
                );
                break;
            case "Whitespace":
                steps.Add(
                    new PatternSplit(
                        PatternProgram.Compile(@"[\w\x{200C}\x{200D}]+|[^\w\s\x{200C}\x{200D}]+"),
                        DelimiterBehavior.Removed,
                        inverted: true
                    )
                );
                break;
            case "WhitespaceSplit":
                steps.Add(new CharacterSplit(CharacterSet.Space, DelimiterBehavior.Removed));
                break;
            case "BertPreTokenizer":
                steps.Add(new CharacterSplit(CharacterSet.Space, DelimiterBehavior.Removed));
                steps.Add(new CharacterSplit(CharacterSplit.Punctuation, DelimiterBehavior.Isolated));
                break;
            case "CharDelimiterSplit":
                steps.Add(new CharacterSplit(CharacterSet.Of(Character(step.At("delimiter")).Value), DelimiterBehavior.Removed));
                break;
            case "FixedLength":
                steps.Add(new FixedLengthSplit((int)(step.Optional("length")?.Whole(1, int.MaxValue) ?? 5)));
                break;
            case "Metaspace":
                steps.Add(new MetaspaceStep(Character(step.At("replacement")).ToString(), Scheme(step), Flag(step, "split", absent: true)));
                break;
            case var other:
                throw TokenizerJsonReader.Refusal(path, $"its pre_tokenizer is {ShownText.Of(other)}, which is not known");
        }
    }

    private static SplitStep Split(JsonPlace split, string path)
    {
        var (behavior, inverted) = (Behavior(split.At("behavior")), Flag(split, "invert", absent: false));
        var pattern = split.At("pattern");
        if (pattern.Optional("Regex") is not { } expression)
            return new PatternSplit(PatternProgram.Literal(pattern.At("String").Text()), behavior, inverted);
        // The known patterns leave out nothing, so that what lies between their matches makes no difference.
        var isolates = behavior == DelimiterBehavior.Isolated || (behavior == DelimiterBehavior.Removed && inverted);
        if (isolates && SplitPattern.Find(expression.Text()) is { } known)
            return new WordSplit(known);
        return new PatternSplit(Compile(expression.Text(), path), behavior, inverted);
    }

    private static DelimiterBehavior Behavior(JsonPlace place) =>
        Named(
            place,
            ("Removed", DelimiterBehavior.Removed),
            ("Isolated", DelimiterBehavior.Isolated),
            ("MergedWithPrevious", DelimiterBehavior.MergedWithPrevious),
            ("MergedWithNext", DelimiterBehavior.MergedWithNext),
            ("Contiguous", DelimiterBehavior.Contiguous)
        );

    private static T Named<T>(JsonPlace place, params (string Name, T Value)[] known)
    {
        var kind = $"one of {string.Join(", ", known.Select(one => one.Name))}";
        var text = place.Text(kind);
        foreach (var (name, value) in known)
        {
            if (text == name)
                return value;
        }

        throw place.MustBe(kind);
    }

    private static Rune Character(JsonPlace place)
    {
        var text = place.Text("one character");
        return Rune.DecodeFromUtf16(text, out var character, out var length) == System.Buffers.OperationStatus.Done && length == text.Length
            ? character
            : throw place.MustBe("one character");
    }

    private static bool Flag(JsonPlace step, string name, bool absent) => step.Optional(name)?.Flag() ?? absent;
}
