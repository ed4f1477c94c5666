namespace LowRank.Generator.Tests.Fuzzing;

/// <summary>Makes the case of a seed and a number: a sound declaration, a few mutations, and now and then damage to its syntax.</summary>
internal static class CaseMaker
{
    private static readonly IReadOnlyList<Action<Sketch, Dice>>[] Mutations =
    [
        ArgumentMutations.All,
        ArgumentMutations.All,
        ArgumentMutations.All,
        ArgumentMutations.All,
        AttributeMutations.All,
        AttributeMutations.All,
        ClassMutations.All,
        ClassMutations.All,
        PropertyMutations.All,
        PropertyMutations.All,
        FileMutations.All,
    ];

    public static FuzzCase Make(int seed, int number)
    {
        var dice = new Dice(seed, number);
        var sketch = SoundSketches.Draw(number, dice);
        // One mutation reaches deepest; several find what only comes together.
        for (var count = dice.Of([0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 6]); count > 0; count--)
            dice.Of(dice.Of(Mutations))(sketch, dice);
        var isDamaged = dice.OneIn(8);
        var sources = SketchWriter
            .Write(sketch)
            .Select(file => file.Head + (isDamaged ? SyntaxDamage.Of(file.Body, dice) : file.Body))
            .ToList();
        // A stray brace closes a namespace with braces early and lets what follows out of it.
        return new(
            seed,
            number,
            sources,
            sketch.IsAlone || (sketch.HasBraces && (isDamaged || sketch.Classes.Exists(type => type.Members.Contains("}"))))
        );
    }
}
