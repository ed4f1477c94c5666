namespace LowRank.Generator.Tests.Fuzzing;

/// <summary>What can go wrong within the parentheses of an attribute.</summary>
internal static class ArgumentMutations
{
    public static readonly IReadOnlyList<Action<Sketch, Dice>> All =
    [
        ChangeValue,
        ChangeValue,
        ChangeValue,
        Drop,
        Add,
        Repeat,
        Swap,
        Relabel,
        Extra,
    ];

    private static void ChangeValue(Sketch sketch, Dice dice) =>
        Change(sketch, dice, (arguments, at) => arguments[at] = arguments[at] with { Value = OddValues.For(arguments[at].Kind, dice) });

    private static void Drop(Sketch sketch, Dice dice) => Change(sketch, dice, (arguments, at) => arguments.RemoveAt(at));

    private static void Repeat(Sketch sketch, Dice dice) => Change(sketch, dice, (arguments, at) => arguments.Add(arguments[at]));

    private static void Swap(Sketch sketch, Dice dice) =>
        Change(
            sketch,
            dice,
            (arguments, at) =>
            {
                var other = dice.Below(arguments.Count);
                (arguments[at], arguments[other]) = (arguments[other], arguments[at]);
            }
        );

    private static void Relabel(Sketch sketch, Dice dice) =>
        Change(
            sketch,
            dice,
            (arguments, at) =>
                arguments[at] = arguments[at] with
                {
                    Label = dice.Of([
                        "",
                        "depth: ",
                        "Depht = ",
                        "Layers = ",
                        "rank: ",
                        "Rank = ",
                        "Width = ",
                        "phaseOut = ",
                        "TypeId = ",
                        ": ",
                        "= ",
                    ]),
                }
        );

    private static void Extra(Sketch sketch, Dice dice) =>
        OfAny(sketch, dice)
            ?.Arguments.Add(new(dice.Of(["", "Missing = ", "missing: "]), OddValues.For(ValueKind.Size, dice), ValueKind.Size));

    // An argument that the attribute has, with a value that is right or odd.
    private static void Add(Sketch sketch, Dice dice)
    {
        if (
            OfAny(sketch, dice) is not { } attribute
            || !Grammar.Attributes.TryGetValue(attribute.Name, out var parameters)
            || parameters.Length == 0
        )
            return;
        var parameter = dice.Of(parameters);
        if (!attribute.Arguments.Exists(argument => argument.Label.StartsWith(parameter.Name, StringComparison.Ordinal)))
            attribute.Arguments.Add(
                Grammar.Argument(parameter, dice.OneIn(3) ? dice.Of(parameter.Right) : OddValues.For(parameter.Kind, dice), isLabeled: true)
            );
    }

    private static void Change(Sketch sketch, Dice dice, Action<List<ArgumentSketch>, int> change)
    {
        if (OfAny(sketch, dice) is { Arguments: { Count: > 0 } arguments })
            change(arguments, dice.Below(arguments.Count));
    }

    private static AttributeSketch? OfAny(Sketch sketch, Dice dice)
    {
        var attributes = sketch.AttributeLists.SelectMany(list => list).ToList();
        return attributes.Count == 0 ? null : dice.Of(attributes);
    }
}
