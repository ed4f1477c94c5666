using System.Text;
using System.Text.Json.Serialization.Metadata;
using System.Xml.Linq;
using LowRank.Training.Deduplication;
using LowRank.Training.Filtering;
using LowRank.Training.Pipelines;
using LowRank.Training.Tests.Runs;

namespace LowRank.Training.Tests.Pipelines;

/// <summary>The table of steps in the documentation is what is declared. <c>UPDATE_DOCS=1</c> writes it anew.</summary>
public sealed class StepTableTests
{
    private static readonly (string Step, Type Options)[] Steps =
    [
        (StepNames.Url, typeof(UrlFilterOptions)),
        (StepNames.Language, typeof(LanguageOptions)),
        (StepNames.GopherRepetition, typeof(GopherRepetitionOptions)),
        (StepNames.GopherQuality, typeof(GopherQualityOptions)),
        (StepNames.C4, typeof(C4Options)),
        (StepNames.FineWebQuality, typeof(FineWebQualityOptions)),
        (StepNames.Exact, typeof(ExactOptions)),
        (StepNames.MinHash, typeof(MinHashOptions)),
        (StepNames.Pii, typeof(PiiOptions)),
        (StepNames.Tokens, typeof(TokensOptions)),
    ];

    [Fact]
    public void The_table_of_steps_is_what_is_declared()
    {
        Assert.Equal(StepNames.All, Steps.Select(step => step.Step));
        var meanings = XDocument
            .Load(Path.Combine(AppContext.BaseDirectory, "LowRank.Training.xml"))
            .Descendants("member")
            .ToDictionary(member => member.Attribute("name")!.Value, member => Meaning(member.Element("summary")));
        var text = new StringBuilder("| step | option | default | is |\n|---|---|---|---|\n");
        foreach (var (name, options) in Steps)
        {
            var type = PipelineJson.Default.GetTypeInfo(options)!;
            var step = StepKinds.Read(name, []);
            if (type.Properties.Count == 0)
                text.Append($"| `{name}` | | | |\n");
            foreach (var property in type.Properties)
            {
                var declared = options
                    .GetProperties()
                    .Single(one => string.Equals(one.Name, property.Name, StringComparison.OrdinalIgnoreCase));
                var meaning = meanings[$"P:{options.FullName}.{declared.Name}"].TrimEnd('.');
                Assert.NotEmpty(meaning);
                text.Append(
                    $"| {(property == type.Properties[0] ? $"`{name}`" : "")} | `{property.Name}` | {Default(step, property)} | {meaning} |\n"
                );
            }
        }

        WrittenTable.AssertIn("data.md", text.ToString());
    }

    private static string Default(PipelineStep step, JsonPropertyInfo property) =>
        step.Settings[property.Name] switch
        {
            null => "–",
            { } value when value.ToJsonString() == "[]" => "none",
            { } value => $"`{value.ToJsonString(PlainJson)}`",
        };

    private static readonly System.Text.Json.JsonSerializerOptions PlainJson = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    // As text on one line; references by their last name.
    private static string Meaning(XElement? summary)
    {
        if (summary is null)
            return "";
        var text = string.Concat(
            summary
                .Nodes()
                .Select(node =>
                    node switch
                    {
                        XElement { Name.LocalName: "see" } see => $"`{Key(see.Attribute("cref")!.Value)}`",
                        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                        XElement other => other.Value,
                        _ => ((XText)node).Value,
                    }
                )
        );
        return string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Replace("|", "\\|", StringComparison.Ordinal);
    }

    private static string Key(string cref) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(cref[(cref.LastIndexOf('.') + 1)..]);
}
