using LowRank.Layers;
using LowRank.Training.Json;

namespace LowRank.Training.Pretrained.Adapters;

/// <summary>
/// <c>adapter_config.json</c>: what the adapters are. What would change what they compute and isn't known here is refused by its key.
/// </summary>
internal sealed class PeftConfig
{
    private const string Lora = "LORA";
    private const int DefaultRank = 8;
    private const double DefaultAlpha = 8;

    // Methods of their own, or weights beside the adapters: read only where they are off.
    private static readonly Dictionary<string, string> Refused = new(StringComparer.Ordinal)
    {
        ["use_dora"] = "DoRA normalizes the columns of the adapted weight, which is not done here",
        ["use_qalora"] = "QA-LoRA pools its inputs, which is not done here",
        ["use_bdlora"] = "block-diagonal adapters are not read",
        ["lora_bias"] = "adapters with a bias are not read",
        ["modules_to_save"] = "whole modules that were trained beside the adapters are not read",
        ["trainable_token_indices"] = "embeddings that were trained beside the adapters are not read",
        ["target_parameters"] = "adapters of parameters that are no module's weight are not read",
        ["layer_replication"] = "models with repeated layers are not built",
        ["megatron_config"] = "Megatron's parallel layers are not built",
        ["alora_invocation_tokens"] = "adapters that begin at certain tokens are not read",
        ["arrow_config"] = "adapters that are chosen token by token are not read",
        ["kasa_config"] = "KaSA changes the base model's weights, which is not done here",
        ["monteclora_config"] = "adapters that are sampled are not read",
    };

    // What they say holds for training alone, or for where the adapters came from.
    private static readonly HashSet<string> WithoutEffect = new(StringComparer.Ordinal)
    {
        "auto_mapping",
        "base_model_name_or_path",
        "corda_config",
        "ensure_weight_tying",
        "eva_config",
        "inference_mode",
        "loftq_config",
        "lora_ga_config",
        "megatron_core",
        "peft_version",
        "qalora_group_size",
        "revision",
        "runtime_config",
        "velora_config",
    };

    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "alpha_pattern",
        "bias",
        "exclude_modules",
        "fan_in_fan_out",
        "init_lora_weights",
        "layers_pattern",
        "layers_to_transform",
        "lora_alpha",
        "lora_dropout",
        "peft_type",
        "r",
        "rank_pattern",
        "target_modules",
        "task_type",
        "use_rslora",
    };

    private readonly int rank;
    private readonly double alpha;
    private readonly double dropout;
    private readonly bool isRankStabilized;
    private readonly IReadOnlyList<(PeftPattern Pattern, int Rank)> ranks;
    private readonly IReadOnlyList<(PeftPattern Pattern, double Alpha)> alphas;

    private PeftConfig(JsonPlace root)
    {
        foreach (var (key, place) in root.Members())
            CheckKey(key, place);
        CheckMethod(root);
        rank = RankOf(root.At("r"), DefaultRank);
        alpha = AlphaOf(root.At("lora_alpha"), DefaultAlpha);
        dropout = root.Optional("lora_dropout") is { } given ? DropoutOf(given) : 0;
        isRankStabilized = root.Optional("use_rslora")?.Flag() ?? false;
        // A convolution of GPT-2 holds its weight inputs first; its adapters lie as those of all others.
        _ = root.Optional("fan_in_fan_out")?.Flag();
        ranks = Pattern(root, "rank_pattern", place => RankOf(place, DefaultRank));
        alphas = Pattern(root, "alpha_pattern", place => AlphaOf(place, DefaultAlpha));
        Targets = PeftTargets.Read(root);
    }

    /// <summary>Which modules are adapted.</summary>
    public PeftTargets Targets { get; }

    /// <summary>Reads it.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">It can't be read, or says what isn't known here; file and key are named.</exception>
    public static PeftConfig Read(string path)
    {
        var root = JsonFile.Read(path);
        return root.IsObject ? new PeftConfig(root) : throw root.MustBe("an object");
    }

    /// <summary>The adapter of a module, over outputs of a layer here.</summary>
    /// <param name="module">The module's name in the base model.</param>
    /// <param name="name">What the outputs are in the layer; empty for all of them.</param>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many they are.</param>
    public LoraPart PartOf(string module, string name, long first, long count)
    {
        // The first key that matches counts.
        var itsRank = ranks.FirstOrDefault(entry => entry.Pattern.IsMatch(module), (Pattern: null!, Rank: rank)).Rank;
        var itsAlpha = alphas.FirstOrDefault(entry => entry.Pattern.IsMatch(module), (Pattern: null!, Alpha: alpha)).Alpha;
        return new LoraPart(name, first, count, itsRank, itsAlpha, dropout) { RankStabilized = isRankStabilized };
    }

    private static void CheckKey(string key, JsonPlace place)
    {
        if (Known.Contains(key) || WithoutEffect.Contains(key) || IsOff(place))
            return;
        throw Refused.TryGetValue(key, out var reason)
            ? place.Wrong($"is given, and {reason}; merge the adapters into their model with the library that made them, and import that")
            : place.Wrong(
                "is not known here and may change what the adapters compute; merge them into their model with the library that made them, and import that"
            );
    }

    private static void CheckMethod(JsonPlace root)
    {
        var type = root.At("peft_type");
        if (type.Text("the name of a method") != Lora)
            throw type.Wrong($"is {ShownText.Of(type.Text())}, and adapters of {Lora} alone are read");
        if (root.Optional("task_type") is { } task && task.Text("the name of a task") is not ("CAUSAL_LM" or "FEATURE_EXTRACTION"))
            throw task.Wrong($"is {ShownText.Of(task.Text())}, and adapters of language models (CAUSAL_LM) alone are read");
        if (root.Optional("bias") is { } bias && bias.Text("none") != "none")
            throw bias.Wrong($"is {ShownText.Of(bias.Text())}, and biases that were trained beside the adapters are not read");
        // Of all others the base model stays what it was.
        if (
            root.Optional("init_lora_weights") is { IsText: true } start
            && start.Text() is not ("gaussian" or "eva" or "orthogonal" or "mica")
        )
        {
            throw start.Wrong(
                $"is {ShownText.Of(start.Text())}: such a start changes the base model's weights, and the adapters fit only what is left of them; save them with path_initial_model_for_weight_conversion, which makes them adapters of the base model"
            );
        }

        if (root.Optional("init_lora_weights") is { IsText: false } flag)
            _ = flag.Flag();
    }

    private static bool IsOff(JsonPlace place) =>
        place.IsEmpty
        || place.Element is { ValueKind: System.Text.Json.JsonValueKind.False }
        || (place.IsArray && place.Elements().Count == 0)
        || (place.IsObject && !place.Members().Any());

    private static int RankOf(JsonPlace place, int otherwise) => place.IsEmpty ? otherwise : (int)place.Whole(1, int.MaxValue);

    private static double AlphaOf(JsonPlace place, double otherwise)
    {
        if (place.IsEmpty)
            return otherwise;
        return place.Real("a number above 0") is var value && value > 0 ? value : throw place.MustBe("a number above 0");
    }

    private static double DropoutOf(JsonPlace place) =>
        place.Real("a number from 0 to below 1") is var value and >= 0 and < 1 ? value : throw place.MustBe("a number from 0 to below 1");

    private static List<(PeftPattern Pattern, T Value)> Pattern<T>(JsonPlace root, string key, Func<JsonPlace, T> read) =>
        root.Optional(key) is { } pattern
            ? [.. pattern.Members().Select(member => (PeftPattern.End(member.Place, member.Key), read(member.Place)))]
            : [];
}
