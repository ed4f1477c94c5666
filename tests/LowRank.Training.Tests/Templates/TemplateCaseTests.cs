using System.Text.Json;
using LowRank.Training.Templates;

namespace LowRank.Training.Tests.Templates;

/// <summary>What templates write, held against what Jinja 3.1 wrote with the settings of Hugging Face's library.</summary>
public sealed class TemplateCaseTests
{
    private static readonly JsonElement File = Read();

    public static TheoryData<int> All => [.. Enumerable.Range(0, File.GetProperty("cases").GetArrayLength())];

    [Theory]
    [MemberData(nameof(All))]
    public void A_template_writes_what_Jinja_writes(int number)
    {
        var one = File.GetProperty("cases")[number];
        var names = File.GetProperty("names")
            .EnumerateObject()
            .Select(member => KeyValuePair.Create(member.Name, TemplateValues.Of(member.Value)));
        var template = one.GetProperty("template").GetString()!;
        Assert.Equal(one.GetProperty("text").GetString(), Template.Parse(template, template).Render(names).Text);
    }

    // TEMPLATE_CASES=FILE holds others, each with names of its own, and no text where Jinja refuses.
    [Fact]
    public void Other_templates_are_written_as_Jinja_writes_them()
    {
        var path = Environment.GetEnvironmentVariable("TEMPLATE_CASES");
        Assert.SkipWhen(path is null, "TEMPLATE_CASES names no file of further templates.");
        var wrong = new List<string>();
        foreach (var one in JsonDocument.Parse(System.IO.File.ReadAllText(path!)).RootElement.EnumerateArray())
        {
            var names = one.GetProperty("names")
                .EnumerateObject()
                .Select(member => KeyValuePair.Create(member.Name, TemplateValues.Of(member.Value)));
            var (expected, actual) = (one.GetProperty("text").GetString(), "");
            try
            {
                actual = Template.Parse("the template", one.GetProperty("template").GetString()!).Render(names).Text;
            }
            catch (TemplateException exception)
            {
                actual = expected is null ? null : exception.Message;
            }

            if (expected != actual)
                wrong.Add($"{one.GetProperty("name").GetString()}\n{expected}\n---\n{actual}");
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} wrong:\n{string.Join("\n======\n", wrong.Take(20))}");
    }

    private static JsonElement Read()
    {
        using var stream = typeof(TemplateCaseTests).Assembly.GetManifestResourceStream("TemplateCases.json")!;
        return JsonDocument.Parse(stream).RootElement;
    }
}
