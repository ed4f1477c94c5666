using System.Text;
using System.Text.Json;
using LowRank.Training.Json;
using LowRank.Training.Runs;

namespace LowRank.Training.Experiments;

/// <summary>An experiment as its file declares it.</summary>
internal sealed record ExperimentFile(
    string Path,
    string Name,
    string Output,
    IReadOnlyList<long> Seeds,
    IReadOnlyList<Contender> Contenders,
    string Baseline,
    string? Default,
    IReadOnlyList<long> SweepSeeds,
    long? SweepSteps
)
{
    private static readonly string[] CorpusNames =
    [
        "text",
        "textWeights",
        "textColumn",
        "conversations",
        "chatTemplate",
        "also",
        "tokenizer",
        "specialTokens",
        "validationFraction",
        "cache",
    ];
    private static readonly string[] SettingNames = [.. OptionKeys.OfContenders, .. CorpusNames, "tokens", "learningRate"];

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">It is missing or wrong; file, place and what is allowed are named.</exception>
    public static ExperimentFile Read(string path)
    {
        if (!File.Exists(path))
            throw new InputException($"There is no experiment '{path}'.");
        return Read(path, JsonFile.Read(path, JsonForm.WithComments));
    }

    /// <summary>Reads a file's text.</summary>
    public static ExperimentFile Parse(string path, string text) =>
        Read(path, JsonFile.Parse(Encoding.UTF8.GetBytes(text), path, JsonForm.WithComments));

    private static ExperimentFile Read(string path, JsonPlace root)
    {
        var members = root.Members(["name", "output", "seeds", "common", "contenders", "baseline", "default", "sweep"]);
        var seeds = ReadSeeds(root.At("seeds"));
        var common = members.ContainsKey("common") ? root.At("common").Members(SettingNames) : new Dictionary<string, JsonElement>();
        Contender[] contenders = [.. root.At("contenders").Elements().SelectMany(place => ReadContenders(place, common, seeds))];
        if (contenders.Length == 0)
            throw root.At("contenders").Wrong("must name at least one contender");
        if (
            contenders.GroupBy(contender => contender.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is
            { } twice
        )
            throw root.At("contenders").Wrong($"names '{twice.Key}' twice");
        var baseline = root.At("baseline").Text("the name of a contender");
        var found =
            contenders.FirstOrDefault(contender => contender.Name == baseline)
            ?? throw root.At("baseline")
                .Wrong($"names no contender; allowed are {string.Join(", ", contenders.Select(contender => contender.Name))}");
        var preferred = members.ContainsKey("default") ? root.At("default").Text("the name of a contender") : null;
        if (preferred is not null && contenders.All(contender => contender.Name != preferred))
            throw root.At("default")
                .Wrong($"names no contender; allowed are {string.Join(", ", contenders.Select(contender => contender.Name))}");
        if (seeds.Except(found.Seeds).Any())
            throw root.At("baseline").Wrong("leaves out seeds of the experiment, whose runs would have nothing to be compared with");
        if (found.EqualFlops)
            throw root.At("baseline").Wrong("is what FLOPs are compared with; it can't take its own from itself");
        var sweep = root.At("sweep");
        var sweepMembers = members.ContainsKey("sweep") ? sweep.Members(["seeds", "steps"]) : new Dictionary<string, JsonElement>();
        return new ExperimentFile(
            path,
            FolderName(root.At("name")),
            root.At("output").Text("a folder"),
            seeds,
            contenders,
            baseline,
            preferred,
            sweepMembers.ContainsKey("seeds") ? ReadSeeds(sweep.At("seeds")) : [seeds[0]],
            sweepMembers.ContainsKey("steps") ? sweep.At("steps").Whole() : null
        );
    }

    // With "vary" one for each combination of the values, named for it.
    private static IEnumerable<Contender> ReadContenders(
        JsonPlace place,
        IReadOnlyDictionary<string, JsonElement> common,
        IReadOnlyList<long> all
    )
    {
        var contender = ReadContender(place, common, all);
        return place.At("vary") is { IsEmpty: false } vary ? VariedContenders.Of(contender, vary) : [contender];
    }

    private static Contender ReadContender(JsonPlace place, IReadOnlyDictionary<string, JsonElement> common, IReadOnlyList<long> all)
    {
        var members = place.Members([.. SettingNames, "name", "model", "vary", "variant", "flops", "seeds"]);
        var settings = new Dictionary<string, JsonElement>(common, StringComparer.Ordinal);
        // Steps and tokens say the same thing: the nearer one wins.
        if (members.ContainsKey("steps") || members.ContainsKey("tokens"))
        {
            settings.Remove("steps");
            settings.Remove("tokens");
        }

        foreach (var (key, value) in members.Where(member => SettingNames.Contains(member.Key)))
            settings[key] = value;
        if (settings.ContainsKey("steps") && settings.ContainsKey("tokens"))
            throw place.Wrong("has both steps and tokens; give one");
        Variant? variant = null;
        if (members.ContainsKey("variant"))
        {
            const string Allowed = "dense, flop-matched, lowrank or guided";
            variant = place.At("variant").Text(Allowed) switch
            {
                "dense" => Variant.Dense,
                "flop-matched" => Variant.FlopMatched,
                "lowrank" => Variant.LowRank,
                "guided" => Variant.Guided,
                _ => throw place.At("variant").Wrong($"must be {Allowed}"),
            };
        }

        var equal = members.ContainsKey("flops");
        if (equal && place.At("flops").Text("\"baseline\"") != "baseline")
            throw place.At("flops").Wrong("must be \"baseline\"");
        if (equal && settings.TryGetValue("fineTuning", out var tuning) && tuning.ValueKind != JsonValueKind.Null)
            throw place.At("flops").Wrong("goes with training from the start, not with fineTuning");
        var rate = new JsonPlace(
            place.File,
            $"{place.Path}.learningRate",
            settings.TryGetValue("learningRate", out var given) ? given : null
        );
        double[] rates =
            rate.IsEmpty ? []
            : rate.IsArray ? [.. rate.Elements().Select(element => element.Real())]
            : [rate.Real("a number or an array of numbers")];
        if (rate.IsArray && (rates.Length == 0 || rates.Distinct().Count() != rates.Length))
            throw rate.Wrong("must hold at least one rate and none twice");
        var seeds = members.ContainsKey("seeds") ? ReadSeeds(place.At("seeds")) : all;
        if (seeds.Except(all).ToArray() is { Length: > 0 } others)
            throw place
                .At("seeds")
                .Wrong($"has {string.Join(", ", others)}, which the experiment's seeds don't: runs are compared by seed");
        return new Contender(
            FolderName(place.At("name")),
            place.At("model").Text("the name of a model"),
            variant,
            rates,
            equal,
            seeds,
            settings
        );
    }

    private static long[] ReadSeeds(JsonPlace place)
    {
        long[] seeds = [.. place.Elements().Select(element => element.Whole())];
        return seeds.Length > 0 && seeds.Distinct().Count() == seeds.Length
            ? seeds
            : throw place.Wrong("must hold at least one seed and none twice");
    }

    // Names become folders.
    private static string FolderName(JsonPlace place)
    {
        var name = place.Text("a name");
        return
            name.Length > 0
            && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')
            && name.Trim('.').Length > 0
            ? name
            : throw place.Wrong("must be a name of letters, digits, '-', '_' and '.'");
    }
}
