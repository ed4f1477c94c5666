using static TorchSharp.torch;

namespace LowRank.Runtime.Tests.Cuda;

/// <summary>Mistakes that the cases notice: a sign, a factor, a bound, a barrier left out.</summary>
internal static class PlantedErrors
{
    private const ScalarType F = ScalarType.Float32;
    private const ScalarType B = ScalarType.BFloat16;

    private static readonly KernelCase Sum = OtherCases.Addition(B, B, 1027, offset: 0);
    private static readonly KernelCase NotANumber = OtherCases.NotANumber();
    private static readonly KernelCase Blend = OtherCases.Blend(B, 1025, copies: true);
    private static readonly KernelCase AdamW = OtherCases.AdamW(1003, copies: true, updates: 2);
    private static readonly KernelCase Total = OtherCases.Norm((F, 70_001), (B, 1000));
    private static readonly KernelCase Turned = OtherCases.Rotation(B, heads: 7, turned: 5, headSize: 24, size: 8, first: 1, sign: -1);
    private static readonly KernelCase Loss = OtherCases.Loss(B, 1025, 3, scale: 0.25);
    private static readonly KernelCase Masked = OtherCases.Loss(B, 515, 5, scale: 0.5, isExtreme: true);
    private static readonly KernelCase Ignored = OtherCases.Loss(B, 259, 5, scale: 0.5, ignoredEvery: 2);
    private static readonly KernelCase Rms = NormCases.Forward(NormKind.Rms, 33, 5, [B, B, F], adds: true);
    private static readonly KernelCase Wide = NormCases.Forward(NormKind.Biased, 1025, 5, [F, F, F], adds: true);
    private static readonly KernelCase Reread = NormCases.Forward(NormKind.Biased, 16_500, 2, [B, B, F], adds: true);
    private static readonly KernelCase Back = NormCases.Backward(NormKind.Biased, 33, 70, [F, F, B, F]);
    private static readonly KernelCase BackWide = NormCases.Backward(NormKind.Biased, 300, 40, [F, F, F, B]);
    private static readonly KernelCase BackReread = NormCases.Backward(NormKind.Biased, 8_200, 3, [F, F, F, B]);

    public static IReadOnlyList<PlantedError> All { get; } =
    [
        .. In(
            "Common",
            Sum,
            ("0x7fffu + ((bits >> 16) & 1u)", "0x8000u"),
            ("bits + 0x7fffu + ((bits >> 16) & 1u)", "bits"),
            ("i < left", "i <= left")
        ),
        .. In("Common", NotANumber, ("value == value ? rounded : (bits >> 16) | 0x40u", "rounded")),
        .. In("Common", AdamW, ("i < left ?", "i + 1 < left ?")),
        .. In(
            "Common",
            Wide,
            ("distance > 0", "distance > 1"),
            ("lane < Team / 32 ?", "lane < Team / 32 - 1 ?"),
            ("    __syncthreads();\n", ""),
            ("warps[i][threadIdx.x / 32] = values[i]", "warps[i][threadIdx.x / 32] = 0")
        ),
        .. In("Common", Gate(Activation.Silu), ("1.0f + expf(-x)", "1.0f + expf(x)")),
        .. In("Activation", Plain(Activation.Silu), ("slope = s + value * (1.0f - s);", "slope = s + value * s;")),
        .. In(
            "Activation",
            Plain(Activation.Gelu),
            ("0.70710678f", "0.707f"),
            ("0.39894228f", "0.3989f"),
            ("-0.5f * x * x", "-x * x"),
            ("upstream[i] *= slope", "upstream[i] = slope")
        ),
        .. In(
            "Activation",
            Plain(Activation.GeluTanh),
            ("1.5957691f * x", "1.5957f * x"),
            ("0.044715f", "0.0447f"),
            ("0.134145f", "0.0447f")
        ),
        .. In("Activation", Plain(Activation.Relu), ("? 0.0f : x;", "? x : x;"), ("x <= 0.0f ? 0.0f : 1.0f", "x < 0.0f ? 0.0f : 1.0f")),
        .. In("Activation", Plain(Activation.ReluSquared), ("2.0f * rectified", "rectified"), (": rectified * rectified", ": rectified")),
        .. In(
            "Activation",
            Gate(Activation.Silu),
            ("row * stride", "row * WIDTH"),
            ("slope) * linear[i]", "slope) + linear[i]"),
            ("upstream[i] * linear[i] * slope", "upstream[i] * slope"),
            ("linear[i] = upstream[i] * value", "linear[i] = linear[i] * value"),
            ("float output = value * linear[i]", "float output = value"),
            ("if (pack >= packs)", "if (pack > packs)")
        ),
        .. In(
            "Norm",
            Rms,
            ("values[i] + more[i]", "values[i] - more[i]"),
            ("widen(narrow<STREAM>(values[i] + more[i]))", "values[i] + more[i]"),
            ("store<PACK>(sum + column, values);", ""),
            (" + epsilon", ""),
            (" * scale * gains[i]", " * scale"),
            ("if (row >= rows)", "if (row > rows)"),
            ("column >= WIDTH", "column > WIDTH")
        ),
        .. In(
            "Norm",
            Wide,
            ("CENTERED ? values[i] : values[i] * values[i]", "values[i] * values[i]"),
            ("mean = total[0] / WIDTH;", "mean = total[0] / (WIDTH - 1);"),
            ("(values[i] - mean) * (values[i] - mean)", "values[i] * values[i]"),
            ("        total[0] = 0.0f;\n", ""),
            ("warps[1]);", "warps[0]);"),
            ("values[i] += gains[i]", "values[i] -= gains[i]")
        ),
        .. In(
            "Norm",
            Reread,
            ("if (!KEPT)\n            load<PACK>(stream", "if (0)\n            load<PACK>(stream"),
            ("ADDS ? sum : x;", "x;")
        ),
        .. In("Norm", Back, ("statistics[2 * row] = mean", "statistics[2 * row] = 0")),
        .. In(
            "NormBackward",
            Back,
            ("ofGain[slot][i] += slope", "ofGain[slot][i] = slope"),
            ("ofBias[slot][i] += slope[slot][i]", "ofBias[slot][i] += normal[slot][i]"),
            ("CENTERED ? statistics[2 * row] : 0.0f", "0.0f"),
            ("widen(narrow<INTO>(sum))", "sum"),
            ("gridDim.x * TEAMS", "gridDim.x"),
            ("    __syncthreads();\n", ""),
            ("each < TEAMS", "each < TEAMS - 1"),
            ("sum[GAIN_SUMS * WIDTH + column + i]", "sum[column + i]")
        ),
        .. In(
            "NormBackward",
            BackWide,
            ("slope[slot][i] *= gains[slot][i];", ""),
            ("CENTERED ? slope[slot][i] : 0.0f", "0.0f"),
            ("sums[0] / WIDTH", "sums[0]"),
            ("- shift - normal", "- normal"),
            ("normal[slot][i] * pull", "pull"),
            ("target[slot][i] + scale", "scale"),
            ("scale * (slope", "(slope"),
            ("rounded + row * WIDTH + column", "rounded + column"),
            ("turn = 1 - turn;", ""),
            ("partial += (long long)blockIdx.x * COLUMNS;", "")
        ),
        .. In(
            "NormBackward",
            BackReread,
            ("row == first", "false"),
            ("partial + GAIN_SUMS * WIDTH + column", "partial + column"),
            ("load<PACK>(place + column, target[slot]);\n                load<PACK>(gain", "load<PACK>(gain")
        ),
        .. In(
            "ColumnSums",
            Back,
            ("row = warp;", "row = warp + 1;"),
            ("    __syncthreads();\n", ""),
            ("sums[lane][warp]", "sums[warp][lane]"),
            ("column < GAINS", "column <= GAINS"),
            ("gain[column] += sum", "gain[column] = sum"),
            ("bias[column - GAINS]", "bias[column]")
        ),
        .. In(
            "Rotary",
            Turned,
            ("- y * sines", "+ y * sines"),
            ("+ x * sines[i] * sign", "+ x * sines[i]"),
            ("token % (unsigned)sequence", "token % ((unsigned)sequence - 1)"),
            ("(firstPosition + ", "("),
            ("rest % GROUPS * EACH", "rest % GROUPS"),
            ("* HEADS + first", "* TURNED + first"),
            ("first + k >= TURNED", "first + k > TURNED"),
            ("k * HEAD + HALF, b", "k * HEAD + HALF, a")
        ),
        .. In(
            "CrossEntropy",
            Loss,
            ("sum *= expf(largest - shift);", ""),
            ("(double)whole - (double)ofTarget", "(double)whole"),
            ("index + i == target ? scale", "index + i == target ? 1.0f"),
            ("* factor -", "* scale -"),
            ("k < packs;", "k < packs - 1;"),
            ("i = after + threadIdx.x", "i = after + 1 + threadIdx.x"),
            ("packs - 1 - (int)threadIdx.x", "packs - 2 - (int)threadIdx.x"),
            ("    __syncthreads();\n", ""),
            ("sum * expf(largest - shiftOf(whole))", "sum"),
            ("(16 - (unsigned long long)row % 16) % 16", "(unsigned long long)row % 16"),
            ("blockIdx.x * VOCABULARY", "blockIdx.x * (VOCABULARY - 1)")
        ),
        .. In("CrossEntropy", Masked, ("largest == MINUS_INFINITY ? 0.0f : largest", "largest")),
        .. In(
            "CrossEntropy",
            Ignored,
            ("#define IGNORED (-100)", "#define IGNORED (-1)"),
            ("losses[blockIdx.x] = 0.0;", ";"),
            ("i = threadIdx.x; GRADIENT &&", "i = threadIdx.x + 1; GRADIENT &&")
        ),
        .. In(
            "Sums",
            Total,
            ("(double)values[i] * (double)values[i]", "values[i] * values[i]"),
            ("at += (long long)gridDim.x", "at += 2 * (long long)gridDim.x"),
            ("sqrt(sum)", "sum"),
            ("i = threadIdx.x; i < count", "i = threadIdx.x + 1; i < count")
        ),
        .. In("Sums", Loss, ("*total += sum", "*total = sum")),
        .. In(
            "AdamW",
            AdamW,
            ("(float)*clip", "1.0f"),
            ("beta1 * first[i] +", "first[i] +"),
            ("rest1 * slope", "slope"),
            ("beta2 * second[i]", "second[i]"),
            ("rest2 * slope * slope", "rest2 * slope"),
            ("decay * value[i]", "value[i]"),
            ("step * first[i]", "first[i]"),
            ("* rootCorrection", ""),
            ("rootCorrection + epsilon", "rootCorrection"),
            ("gradient[i] = 0.0f;", ""),
            ("if (COPIES)", "if (0)"),
            ("if (at >= count)", "if (at + PACK >= count)")
        ),
        .. In("Addition", Sum, ("values[i] += more[i]", "values[i] -= more[i]")),
        .. In("Addition", Blend, ("alpha * values[i]", "values[i]"), ("+ more[i]", "- more[i]"), ("if (COPIES)", "if (0)")),
    ];

    private static KernelCase Plain(Activation activation) => ActivationCases.Plain(activation, F, 1001);

    private static KernelCase Gate(Activation activation) => ActivationCases.Gated(activation, F, 7, 96, isJoined: true);

    private static IEnumerable<PlantedError> In(string file, KernelCase noticed, params (string Right, string Wrong)[] errors) =>
        errors.Select(error => new PlantedError(file, error.Right, error.Wrong, noticed));
}
