namespace LowRank.Generator.Tests.Fuzzing;

/// <summary>Expressions that an argument may not be ready for.</summary>
internal static class OddValues
{
    private static readonly string[] Sizes =
    [
        "0",
        "-1",
        "1",
        "2",
        "3",
        "5",
        "7",
        "65",
        "int.MinValue",
        "int.MaxValue",
        "int.MaxValue - 1",
        "1_000_000_000",
        "46_341",
        "65_536",
        "0x7FFF_FFFF",
        "2147483648",
        "-2147483649",
        "1 << 30",
        "(1 << 30) - 1",
        "(byte)3",
        "'a'",
        "1 / 0",
        "int.MaxValue + 1",
        "unchecked(int.MaxValue + 1)",
        "nameof(Model).Length",
        "sizeof(long)",
        "(int)Positions.None",
        "-0",
        "+4",
        "(int)4.0",
        "(4)",
        "4 ",
        "/* four */ 4",
        "sizeof(decimal)",
    ];

    private static readonly string[] Longs =
    [
        "0",
        "-1",
        "1",
        "63",
        "64",
        "1_000_000",
        "25_500_000_000",
        "long.MaxValue",
        "long.MinValue",
        "long.MaxValue - 1",
        "9_223_372_036_854_775_808",
        "ulong.MaxValue",
        "4u",
        "4ul",
    ];

    private static readonly string[] Reals =
    [
        "0",
        "-0.0",
        "-1",
        "1",
        "1.0000001",
        "0.5f",
        "0.1m",
        "0.3",
        "1e-5",
        "1e-320",
        "1e300",
        "1e400",
        "double.NaN",
        "double.PositiveInfinity",
        "double.NegativeInfinity",
        "double.Epsilon",
        "double.MaxValue",
        "double.MinValue",
        "float.NaN",
        "float.Epsilon",
        "1.0 / 0",
        "0.0 / 0",
        "(float)1e300",
        "1 / 3.0",
        "long.MaxValue",
    ];

    private static readonly string[] Texts =
    [
        "\"\"",
        "\" \"",
        "\",\"",
        "\"..,\"",
        "\"1\"",
        "\"a..b\"",
        "\"1..2..3\"",
        "\"..:2:3\"",
        "\"...\"",
        "\"^..\"",
        "\"..^\"",
        "\"^^1..\"",
        "\"- 1..\"",
        "\"+1..\"",
        "\"1 ..\"",
        "\" 1.. ^1 \"",
        "\"..\\0\"",
        "\"..\\n\"",
        "\"\\u0661..\"",
        "\"\\ud800..\"",
        "\"{0}..\"",
        "\"..: 2\"",
        "\"..:0\"",
        "\"..:-1\"",
        "\"..:\"",
        "\"..:1023\"",
        "\"..:1024\"",
        "\"..:1025\"",
        "\"..:2147483647\"",
        "\"1..:2147483646\"",
        "\"..:99999999999\"",
        "\"2147483647..\"",
        "\"..2147483647\"",
        "\"^2147483647..\"",
        "\"..:31, 1..:37\"",
        "\"..:3, 1..:3\"",
        "\"..:2, ..:3\"",
        "\"0..0\"",
        "\"3..1\"",
        "\"^0..\"",
        "\"..^0\"",
        "@\"..\"",
        "\"\"\"..\"\"\"",
        "$\"..\"",
        "$\"{1}..\"",
        "\"1\" + \"..\"",
        "nameof(Model)",
        "\"..\"u8",
        "\"0..1,1..2,2..3,3..4\"",
        "\"0..1, 0..1\"",
        "Constants.Range",
        "(string)null!",
    ];

    private static readonly string[] Anything =
    [
        "null",
        "default",
        "Missing.Width",
        "Constants.Size",
        "Constants.Mutable",
        "Constants.Real",
        "typeof(int)",
        "typeof(Model)",
        "new int[] { 1 }",
        "new[] { \"1..\" }",
        "true",
        "\"wide\"",
        "3.5",
        "(Norm)7",
        "Norm.RmsNorm",
        "Guide.None",
        "new object()",
        "() => 1",
        "this",
        "Model",
        "_",
        "1..2",
        "^1",
        "throw null",
        "stackalloc int[1]",
        "default(int)",
        "",
    ];

    /// <summary>An expression for an argument of this kind, rarely one of another kind.</summary>
    public static string For(ValueKind kind, Dice dice)
    {
        if (dice.OneIn(6))
            return dice.Of(Anything);
        return kind switch
        {
            ValueKind.Size => dice.Of(Sizes),
            ValueKind.Long => dice.OneIn(4) ? dice.Of(Sizes) : dice.Of(Longs),
            ValueKind.Real => dice.Of(Reals),
            ValueKind.Reals => dice.Of([
                "new double[] { 1, 0 }",
                "new double[] { -1, double.NaN, 1e400 }",
                "new[] { 1, 2 }",
                "new double[] { Constants.Size, \"a\" }",
                "[1, 2]",
                "(double[])null",
                "new double[2]",
                "null",
            ]),
            ValueKind.Truth => dice.Of(["true", "false", "!true", "1", "null", "default", "Constants.Size > 1", "\"true\""]),
            ValueKind.Class => dice.Of([
                "typeof(Mixer)",
                "typeof(Model)",
                "typeof(Second)",
                "typeof(int)",
                "typeof(List<>)",
                "typeof(Missing)",
                "typeof(void)",
                "null",
                "\"Mixer\"",
                "default",
            ]),
            ValueKind.Layers => dice.OneIn(2) ? Ranges(dice) : dice.Of(Texts),
            _ => Enum(kind.ToString(), dice),
        };
    }

    private static string Enum(string name, Dice dice) =>
        dice.Of([
            $"({name})7",
            $"({name})(-1)",
            $"({name})int.MaxValue",
            $"({name})int.MinValue",
            $"({name})128",
            $"({name})0",
            "0",
            "1",
            $"{name}.Missing",
            name,
            $"default({name})",
            $"LowRank.{name}.None",
            $"(({name})1) | (({name})2)",
            $"~({name})1",
            $"({name})Constants.Size",
            $"Enum{name}",
            $"({name})1.5",
        ]);

    // Ranges that are nearly right, which are the ones that reach the arithmetic.
    private static string Ranges(Dice dice)
    {
        var ranges = Enumerable
            .Range(0, 1 + dice.Below(dice.OneIn(8) ? 12 : 3))
            .Select(_ => Index(dice) + ".." + Index(dice) + Stride(dice));
        return $"\"{string.Join(", ", ranges)}\"";
    }

    private static string Index(Dice dice) =>
        dice.Below(4) switch
        {
            0 or 1 => "",
            2 => $"{dice.Below(6)}",
            _ => $"^{dice.Below(5)}",
        };

    private static string Stride(Dice dice) =>
        dice.Below(4) switch
        {
            0 or 1 => "",
            2 => $":{1 + dice.Below(4)}",
            _ => $":{dice.Of([5, 7, 31, 33, 1_023, 1_024, 1_025, int.MaxValue])}",
        };
}
