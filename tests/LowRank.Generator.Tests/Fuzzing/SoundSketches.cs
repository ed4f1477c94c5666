namespace LowRank.Generator.Tests.Fuzzing;

/// <summary>Sketches of declarations that are mostly right: what mutations start from.</summary>
internal static class SoundSketches
{
    public static Sketch Draw(int number, Dice dice)
    {
        var sketch = new Sketch($"Case{number}");
        var models = dice.OneIn(8) ? 2 : 1;
        for (var index = 0; index < models; index++)
        {
            var name = index == 0 ? "Model" : "Second";
            if (dice.OneIn(2))
                Module(sketch, name, dice);
            else
                sketch.Classes.Add(Transformer(sketch, name, dice));
        }

        if (dice.OneIn(60))
        {
            sketch.IsAlone = true;
            for (var count = 1 + dice.Below(3); count > 0; count--)
                sketch.AssemblyAttributes.Add(LowRank(dice));
        }

        sketch.Files = dice.OneIn(5) ? 2 : 1;
        return sketch;
    }

    private static ClassSketch Transformer(Sketch sketch, string name, Dice dice)
    {
        var type = new ClassSketch(name);
        type.Attributes.Add(Grammar.Attribute("Transformer", dice));
        foreach (var attribute in new[] { "TrainingRun", "Budget", "DenseBaseline" }.Where(_ => dice.OneIn(6)))
            type.Attributes.Add(
                Grammar.Attribute(
                    attribute,
                    dice,
                    attribute == "Budget" && !type.Attributes.Exists(other => other.Name == "TrainingRun")
                        ? ["TrainingFlops", "TrainingMemory"]
                        : []
                )
            );
        if (dice.OneIn(4))
            type.Attributes.Add(LowRank(dice));
        for (var count = 1 + dice.Below(2) * dice.Below(3); count > 0; count--)
        {
            var isAttention = dice.OneIn(2);
            var property = new PropertySketch("Sublayer", (isAttention ? "Attention" : "FeedForward") + (count == 1 ? "" : $"{count}"));
            // The first has every block, so that a range elsewhere is not an error by itself.
            property.Attributes.Add(
                Grammar.Attribute(isAttention ? "Attention" : "FeedForward", dice, type.Properties.Count == 0 ? ["Layers"] : [])
            );
            // A single weight that is divided by itself is an error.
            if (!isAttention && dice.OneIn(4))
                property.Attributes.Add(Grammar.Attribute("Experts", dice, "NormalizeWeights"));
            if (dice.OneIn(8))
            {
                property.Attributes.Clear();
                property.Attributes.Add(new("Part"));
                property.Attributes[0].Arguments.Add(new("", "typeof(Mixer)", ValueKind.Class));
                if (!sketch.Classes.Exists(other => other.Name == "Mixer"))
                    sketch.Classes.Add(Mixer(dice));
            }
            else if (dice.OneIn(3))
                property.Attributes.Add(LowRank(dice));
            else if (dice.OneIn(8))
                property.Attributes.Add(new("Dense"));
            type.Properties.Add(property);
        }

        return type;
    }

    private static ClassSketch Mixer(Dice dice)
    {
        var mixer = new ClassSketch("Mixer") { Rest = " : ISequenceModule" };
        mixer.Attributes.Add(Grammar.Attribute("Module", dice));
        mixer.Properties.Add(Layer("Linear", 1, dice));
        mixer.Members.Add("public TorchSharp.torch.Tensor forward(TorchSharp.torch.Tensor x) => x.alias();");
        return mixer;
    }

    private static void Module(Sketch sketch, string name, Dice dice)
    {
        var type = new ClassSketch(name);
        type.Attributes.Add(new("Module"));
        if (dice.OneIn(5))
            type.Attributes.Add(LowRank(dice, "Layers", "Projections"));
        for (var count = 1 + dice.Below(3); count > 0; count--)
            type.Properties.Add(Layer(dice.Of(["Linear", "Linear", "Embedding", "Normalization"]), count, dice));
        if (dice.OneIn(3))
        {
            var part = new ClassSketch(name + "Part");
            part.Attributes.Add(new("Module"));
            part.Properties.Add(Layer("Linear", 1, dice));
            sketch.Classes.Add(part);
            type.Properties.Add(Counted(new(part.Name, "Part"), Grammar.Attribute("Part", dice, "module", "Layers")));
        }

        sketch.Classes.Add(type);
    }

    private static PropertySketch Layer(string kind, int index, Dice dice)
    {
        var type = kind switch
        {
            "Linear" => "LinearLayer",
            "Embedding" => "Embedding",
            _ => dice.Of(["RmsNorm", "LayerNorm"]),
        };
        var property = Counted(new(type, $"{kind}{index}"), Grammar.Attribute(kind, dice, type == "LayerNorm" ? [] : ["Bias"]));
        if (kind == "Linear" && dice.OneIn(3))
            property.Attributes.Add(LowRank(dice, "Layers", "Projections"));
        return property;
    }

    private static PropertySketch Counted(PropertySketch property, AttributeSketch attribute)
    {
        property.Attributes.Add(attribute);
        if (attribute.Arguments.Exists(argument => argument.Label == "Count = "))
            property.Type = $"IReadOnlyList<{property.Type}>";
        return property;
    }

    private static AttributeSketch LowRank(Dice dice, params string[] without)
    {
        var isRatio = dice.OneIn(3);
        // An activation between the factors leaves no place for most of the rest.
        string[] excluded = dice.OneIn(8)
            ? ["phaseOut", "Guide", "Schedule", "Initialization", "Residual", "RebalanceEvery", "ProductDecay"]
            : ["Activation"];
        var lowRank = Grammar.Attribute("LowRank", dice, ["rank", "Ratio", .. excluded, .. without]);
        var parameter = Grammar.Attributes["LowRank"].First(parameter => parameter.Name == (isRatio ? "Ratio" : "rank"));
        lowRank.Arguments.Insert(
            isRatio ? lowRank.Arguments.Count : 0,
            Grammar.Argument(parameter, dice.Of(parameter.Right), isLabeled: true)
        );
        return lowRank;
    }
}
