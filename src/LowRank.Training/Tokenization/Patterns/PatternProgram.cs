using System.Globalization;

namespace LowRank.Training.Tokenization.Patterns;

/// <summary>What a step of a <see cref="PatternProgram"/> does.</summary>
internal enum PatternStep : byte
{
    /// <summary>The expression matches.</summary>
    Match,

    /// <summary>One character of the set.</summary>
    One,

    /// <summary>Characters of the set, of which there are <c>Least</c> to <c>Most</c>.</summary>
    Many,

    /// <summary>Goes on at <c>First</c>, and where that fails at <c>Second</c>.</summary>
    Either,

    /// <summary>Goes on at <c>First</c>.</summary>
    Jump,

    /// <summary>Holds at a place alone.</summary>
    At,

    /// <summary>
    /// Holds where the steps behind it match (or don't), up to <c>First</c>, from here on or <c>Least</c> characters before.
    /// </summary>
    Look,

    /// <summary>What the steps behind it match, up to <c>First</c>, is kept as it is.</summary>
    Keep,
}

/// <summary>A step.</summary>
internal readonly record struct PatternInstruction(PatternStep Step)
{
    public CharacterSet? Set { get; init; }

    public int First { get; init; }

    public int Second { get; init; }

    public int Least { get; init; }

    public int Most { get; init; }

    public Greed Greed { get; init; }

    public Anchor Anchor { get; init; }

    public bool Behind { get; init; }

    public bool Negated { get; init; }
}

/// <summary>A regular expression as steps that a <see cref="PatternMatcher"/> follows.</summary>
internal sealed class PatternProgram
{
    /// <summary>Repetitions of groups are written out; more steps than this no published expression needs.</summary>
    private const int MostSteps = 20_000;

    private readonly List<PatternInstruction> steps = [];
    private readonly string expression;

    private PatternProgram(string expression) => this.expression = expression;

    /// <summary>The steps.</summary>
    public PatternInstruction[] Steps { get; private set; } = [];

    /// <exception cref="PatternException">The expression is wrong, or can't be followed.</exception>
    public static PatternProgram Compile(string expression)
    {
        var program = new PatternProgram(expression);
        program.Add(PatternParser.Parse(expression));
        program.Add(new PatternInstruction(PatternStep.Match));
        program.Steps = [.. program.steps];
        return program;
    }

    /// <summary>A text that matches itself alone.</summary>
    public static PatternProgram Literal(string text)
    {
        var program = new PatternProgram(text);
        foreach (var rune in text.EnumerateRunes())
            program.Add(new SetNode(CharacterSet.Of(rune.Value)));
        program.Add(new PatternInstruction(PatternStep.Match));
        program.Steps = [.. program.steps];
        return program;
    }

    private int Add(PatternInstruction step)
    {
        if (steps.Count == MostSteps)
            throw new PatternException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"its regular expression {Json.ShownText.Of(expression)} has more than {MostSteps} steps with all its repetitions"
                )
            );
        steps.Add(step);
        return steps.Count - 1;
    }

    private void Add(PatternNode node)
    {
        switch (node)
        {
            case SetNode one:
                Add(new PatternInstruction(PatternStep.One) { Set = one.Set });
                break;
            case SequenceNode sequence:
                foreach (var part in sequence.Parts)
                    Add(part);
                break;
            case ChoiceNode choice:
                AddChoice(choice);
                break;
            case RepeatNode repeat:
                AddRepeat(repeat);
                break;
            case LookNode look:
                AddLook(look);
                break;
            case AtomicNode atomic:
                AddKept(() => Add(atomic.Body));
                break;
            case AnchorNode anchor:
                Add(new PatternInstruction(PatternStep.At) { Anchor = anchor.Anchor });
                break;
            default:
                throw new InvalidOperationException($"No steps are known for {node}.");
        }
    }

    private void AddChoice(ChoiceNode choice)
    {
        var jumps = new List<int>();
        for (var index = 0; index < choice.Choices.Count; index++)
        {
            if (index == choice.Choices.Count - 1)
            {
                Add(choice.Choices[index]);
                break;
            }

            var either = Add(new PatternInstruction(PatternStep.Either));
            Add(choice.Choices[index]);
            jumps.Add(Add(new PatternInstruction(PatternStep.Jump)));
            steps[either] = steps[either] with { First = either + 1, Second = steps.Count };
        }

        foreach (var jump in jumps)
            steps[jump] = steps[jump] with { First = steps.Count };
    }

    // What is looked at ends in a match of its own.
    private void AddLook(LookNode look)
    {
        PatternNode[] bodies = look is { Behind: true, Body: ChoiceNode choice } ? [.. choice.Choices] : [look.Body];
        if (bodies.Length > 1 && !look.Negated)
        {
            AddChoice(new ChoiceNode([.. bodies.Select(body => look with { Body = body })]));
            return;
        }

        // None of several may stand before.
        foreach (var body in bodies)
        {
            var start = Add(
                new PatternInstruction(PatternStep.Look)
                {
                    Behind = look.Behind,
                    Negated = look.Negated,
                    Least = body.Shortest,
                }
            );
            Add(body);
            Add(new PatternInstruction(PatternStep.Match));
            steps[start] = steps[start] with { First = steps.Count };
        }
    }

    private void AddKept(Action add)
    {
        var start = Add(new PatternInstruction(PatternStep.Keep));
        add();
        Add(new PatternInstruction(PatternStep.Match));
        steps[start] = steps[start] with { First = steps.Count };
    }

    private void AddRepeat(RepeatNode repeat)
    {
        if (Single(repeat.Body) is { } set)
        {
            Add(
                new PatternInstruction(PatternStep.Many)
                {
                    Set = set,
                    Least = repeat.Least,
                    Most = repeat.Most ?? int.MaxValue,
                    Greed = repeat.Greed,
                }
            );
            return;
        }

        if (repeat.Greed == Greed.Possessive)
        {
            AddKept(() => AddRepeat(repeat with { Greed = Greed.Greedy }));
            return;
        }

        for (var count = 0; count < repeat.Least; count++)
            Add(repeat.Body);
        var lazy = repeat.Greed == Greed.Lazy;
        if (repeat.Most is not { } most)
        {
            var either = Add(new PatternInstruction(PatternStep.Either));
            Add(repeat.Body);
            Add(new PatternInstruction(PatternStep.Jump) { First = either });
            Choose(either, lazy);
            return;
        }

        var choices = new List<int>();
        for (var count = repeat.Least; count < most; count++)
        {
            choices.Add(Add(new PatternInstruction(PatternStep.Either)));
            Add(repeat.Body);
        }

        foreach (var either in choices)
            Choose(either, lazy);
    }

    private void Choose(int either, bool lazy) =>
        steps[either] = lazy
            ? steps[either] with
            {
                First = steps.Count,
                Second = either + 1,
            }
            : steps[either] with
            {
                First = either + 1,
                Second = steps.Count,
            };

    private static CharacterSet? Single(PatternNode node) =>
        node switch
        {
            SetNode one => one.Set,
            SequenceNode { Parts: [SetNode only] } => only.Set,
            _ => null,
        };
}
