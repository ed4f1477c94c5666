namespace LowRank.Generator.Tests.Fuzzing;

/// <summary>Attributes missing, doubled, in the wrong place, or named in another way.</summary>
internal static class AttributeMutations
{
    public static readonly IReadOnlyList<Action<Sketch, Dice>> All = [Drop, Duplicate, Move, Add, AddLowRank, Both, Respell, Hide];

    private static readonly string[] Spellings =
    [
        "{0}Attribute",
        "LowRank.{0}",
        "global::LowRank.{0}",
        "global::LowRank.{0}Attribute",
        "@{0}",
        "LowRank::{0}",
        "{0}<int>",
        "Alias{0}",
        "property: {0}",
        "type: {0}",
        "field: {0}",
        "return: {0}",
        "method: {0}",
        "param: {0}",
        "assembly: {0}",
        "Missing{0}",
        "",
    ];

    private static void Drop(Sketch sketch, Dice dice) => Pick(sketch, dice, (list, at) => list.RemoveAt(at));

    private static void Duplicate(Sketch sketch, Dice dice) => Pick(sketch, dice, (list, at) => list.Add(list[at].Copy()));

    private static void Move(Sketch sketch, Dice dice) =>
        Pick(
            sketch,
            dice,
            (list, at) =>
            {
                var moved = list[at];
                list.RemoveAt(at);
                OwnList(sketch, dice).Add(moved);
            }
        );

    private static void Add(Sketch sketch, Dice dice) => OwnList(sketch, dice).Add(Grammar.Attribute(dice.Of(Grammar.Names), dice));

    private static void AddLowRank(Sketch sketch, Dice dice)
    {
        var lowRank = Grammar.Attribute("LowRank", dice);
        if (lowRank.Arguments.Count == 0)
            lowRank.Arguments.Add(new("", "2", ValueKind.Size));
        OwnList(sketch, dice).Add(lowRank);
    }

    private static void Both(Sketch sketch, Dice dice) =>
        dice.Of(sketch.Classes).Attributes.Add(Grammar.Attribute(dice.Of(["Transformer", "Module"]), dice));

    private static void Respell(Sketch sketch, Dice dice) =>
        Pick(
            sketch,
            dice,
            (list, at) =>
            {
                var name = list[at].Name;
                var spelling = dice.Of(Spellings);
                if (spelling.StartsWith("Alias", StringComparison.Ordinal))
                    sketch.Usings.Add($"using Alias{name} = LowRank.{name}Attribute;");
                sketch.IsAlone |= spelling.StartsWith("assembly", StringComparison.Ordinal);
                list[at].Name = string.Format(System.Globalization.CultureInfo.InvariantCulture, spelling, name);
            }
        );

    // A type of the user's own by the name of one of the language's.
    private static void Hide(Sketch sketch, Dice dice) =>
        dice.Of(sketch.Classes)
            .Members.Add(
                dice.Of([
                    "public sealed class LowRankAttribute : System.Attribute;",
                    "private class Sublayer;",
                    "private enum Norm { RmsNorm }",
                    "private class LinearLayer;",
                ])
            );

    private static void Pick(Sketch sketch, Dice dice, Action<List<AttributeSketch>, int> change)
    {
        var lists = sketch.AttributeLists.Where(list => list.Count > 0).ToList();
        if (lists.Count == 0)
            return;
        var chosen = dice.Of(lists);
        change(chosen, dice.Below(chosen.Count));
    }

    // Of the case's own declarations: an attribute of the assembly would reach other cases.
    private static List<AttributeSketch> OwnList(Sketch sketch, Dice dice) =>
        dice.Of(sketch.AttributeLists.Where(list => list != sketch.AssemblyAttributes || sketch.IsAlone).ToList());
}
