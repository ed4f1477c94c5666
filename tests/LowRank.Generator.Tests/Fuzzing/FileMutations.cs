namespace LowRank.Generator.Tests.Fuzzing;

/// <summary>What stands around the classes: usings, namespaces, constants, other types.</summary>
internal static class FileMutations
{
    public static readonly IReadOnlyList<Action<Sketch, Dice>> All = [AddUsing, DropUsing, Braces, Neighbor, OtherNamespace];

    private static readonly string[] Usings =
    [
        "using System;",
        "using static LowRank.Norm;",
        "using Torch = System.Text;",
        "using Layers = System.Int32;",
        "using Costs = System;",
        "using TorchSharp;",
        "using static TorchSharp.torch;",
        "using Sublayer = System.Int32;",
        "using Transformer = LowRank.ModuleAttribute;",
        "using Norm = LowRank.Bias;",
        "extern alias Missing;",
        "using Missing;",
        "using",
        "using Model = System.Int32;",
        "using static TorchSharp.torch.nn;",
        "using unsafe Pointer = int*;",
        "using LowRank = LowRank;",
    ];

    private static readonly string[] Neighbors =
    [
        "Layers",
        "Torch",
        "TorchSharp",
        "Costs",
        "Phases",
        "LowRank",
        "System",
        "Enumerable",
        "Sublayer",
        "LinearLayer",
        "TransformerAttribute",
        "Tensor",
        "ModelOptions",
        "ModuleList",
        "Positions",
        "Math",
        "Module",
        "Model",
        "Outer",
        "IReadOnlyList",
        "String",
    ];

    // Reached from the whole assembly, and so compiled by themselves.
    private static readonly string[] SharedNamespaces =
    [
        "",
        "LowRank",
        "LowRank.Generated",
        "LowRank.Layers",
        "System",
        "TorchSharp",
        "LowRank.Costs",
        "System.Collections.Generic",
    ];

    // Within the case's own.
    private static readonly string[] InnerNamespaces =
    [
        "Layers",
        "@class.@event",
        "A.B.C",
        "Torch",
        "\u540d\u524d",
        "Model",
        "Case",
        "global",
        "@global",
        "A.LowRank.B",
        "A.System",
        "1",
        "A..B",
        "LowRank",
        "System",
        "TorchSharp",
        "LowRank.Generated",
    ];

    private static void AddUsing(Sketch sketch, Dice dice) => sketch.Usings.Add(dice.Of(Usings));

    private static void DropUsing(Sketch sketch, Dice dice)
    {
        if (sketch.Usings.Count > 0)
            sketch.Usings.RemoveAt(dice.Below(sketch.Usings.Count));
    }

    private static void Braces(Sketch sketch, Dice dice) => sketch.HasBraces = true;

    private static void Neighbor(Sketch sketch, Dice dice)
    {
        var neighbor = new ClassSketch(dice.Of(Neighbors))
        {
            Modifiers = dice.Of(["public", "internal", "public partial", "file", "public static"]),
            Keyword = dice.Of(["class", "struct", "interface", "enum", "record"]),
        };
        sketch.Classes.Insert(0, neighbor);
    }

    private static void OtherNamespace(Sketch sketch, Dice dice)
    {
        if (dice.OneIn(4))
        {
            sketch.Namespace = dice.Of(SharedNamespaces);
            sketch.IsAlone = true;
        }
        else if (!sketch.IsAlone)
        {
            sketch.Namespace += "." + dice.Of(InnerNamespaces);
        }

        sketch.HasBraces = dice.OneIn(2) && sketch.Namespace.Length > 0;
    }
}
