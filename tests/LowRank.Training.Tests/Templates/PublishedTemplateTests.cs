using System.Text.Json;
using LowRank.Training.Templates;

namespace LowRank.Training.Tests.Templates;

/// <summary>Published templates, held against two other implementations: the one for JavaScript, and Jinja itself.</summary>
public sealed class PublishedTemplateTests
{
    private const string Conversations = """
        [
          {"messages": [{"role": "user", "content": "Hi"}], "add_generation_prompt": true},
          {"messages": [{"role": "user", "content": " Two\n\nlines "}, {"role": "assistant", "content": "Yes."}], "add_generation_prompt": false},
          {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "é😀 'a' \"b\" <c>"}, {"role": "assistant", "content": "1"},
                        {"role": "user", "content": "again"}, {"role": "assistant", "content": "<think>\nhm\n</think>\n\n2"}], "add_generation_prompt": false},
          {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "<think>\nx\n</think>\n\nb"}, {"role": "user", "content": "c"}],
           "add_generation_prompt": true, "enable_thinking": false},
          {"messages": [{"role": "user", "content": "weather?"},
                        {"role": "assistant", "content": "", "tool_calls": [{"type": "function", "function": {"name": "f", "arguments": {"x": 1, "y": [1.5, null, true], "z": "é\"\n"}}}]},
                        {"role": "tool", "content": "sunny"}, {"role": "assistant", "content": "Sunny."}],
           "tools": [{"type": "function", "function": {"name": "f", "description": "d", "parameters": {"type": "object", "properties": {"x": {"type": "integer"}}}}}],
           "add_generation_prompt": false},
          {"messages": [{"role": "user", "content": "a"}, {"role": "user", "content": "b"}], "add_generation_prompt": true},
          {"messages": [{"role": "user", "content": "x\ny"}]}
        ]
        """;

    private const string Node = """
        import { Template } from "@huggingface/jinja";
        let text = "";
        process.stdin.on("data", part => (text += part)).on("end", () => {
          const cases = JSON.parse(text);
          console.log(JSON.stringify(cases.map(({ template, names }) => {
            try { return new Template(template).render(names); } catch { return null; }
          })));
        });
        """;

    private const string Python = """
        import json, sys
        import jinja2.ext
        from jinja2.sandbox import ImmutableSandboxedEnvironment
        def refuse(message): raise jinja2.TemplateError(message)
        env = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[jinja2.ext.loopcontrols])
        env.globals["raise_exception"] = refuse
        env.filters["tojson"] = lambda value, indent=None: json.dumps(value, ensure_ascii=False, indent=indent)
        def render(case):
            try: return env.from_string(case["template"]).render(**case["names"])
            except Exception: return None
        sys.stdin.reconfigure(encoding="utf-8")
        print(json.dumps([render(case) for case in json.load(sys.stdin)]))
        """;

    [Fact]
    public void They_are_rendered_as_by_Hugging_Faces_own_for_JavaScript()
    {
        var folder = PublishedTemplates.Folder();
        var script = Path.Combine(folder, $"render-{Environment.ProcessId}.mjs");
        File.WriteAllText(script, Node);
        try
        {
            Compare(PublishedTemplates.Run("node", folder, [script], Cases()));
        }
        finally
        {
            File.Delete(script);
        }
    }

    [Fact]
    public void They_are_rendered_as_by_Jinja()
    {
        var folder = PublishedTemplates.Folder();
        var (code, reason) = Try(() =>
            PublishedTemplates.Run("python3", folder, ["-c", "import jinja2.ext, sys; sys.exit(jinja2.__version__ < '3.1')"])
        );
        Assert.SkipWhen(code != 0, $"There is no Python with Jinja 3.1: {reason}");
        Compare(PublishedTemplates.Run("python3", folder, ["-c", Python], Cases()));
    }

    private static (int Code, string Text) Try(Func<(int, string)> run)
    {
        try
        {
            return run();
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return (-1, exception.Message);
        }
    }

    private static IEnumerable<(string Name, string Template, Dictionary<string, JsonElement> Names)> All()
    {
        var conversations = JsonDocument.Parse(Conversations).RootElement;
        foreach (var (name, template) in PublishedTemplates.Read())
        {
            foreach (var conversation in conversations.EnumerateArray())
            {
                var names = conversation.EnumerateObject().ToDictionary(member => member.Name, member => member.Value);
                names["bos_token"] = JsonDocument.Parse("\"<bos>\"").RootElement;
                names["eos_token"] = JsonDocument.Parse("\"<eos>\"").RootElement;
                yield return (name, template, names);
            }
        }
    }

    private static string Cases() =>
        JsonSerializer.Serialize(
            All().Select(one => new Dictionary<string, object> { ["template"] = one.Template, ["names"] = one.Names })
        );

    private static void Compare((int Code, string Text) ran)
    {
        Assert.True(ran.Code == 0, ran.Text);
        var expected = JsonDocument.Parse(ran.Text).RootElement.EnumerateArray().Select(text => text.GetString()).ToList();
        var cases = All().ToList();
        Assert.True(cases.Count >= 20, $"{cases.Count} cases");
        Assert.Equal(cases.Count, expected.Count);
        Assert.True(expected.Count(text => text is not null) > cases.Count / 2);
        for (var number = 0; number < cases.Count; number++)
            Assert.Equal((cases[number].Name, expected[number]), (cases[number].Name, Render(cases[number].Template, cases[number].Names)));
    }

    private static string? Render(string template, Dictionary<string, JsonElement> names)
    {
        try
        {
            return Template
                .Parse("the template", template)
                .Render(names.Select(pair => KeyValuePair.Create(pair.Key, TemplateValues.Of(pair.Value))))
                .Text;
        }
        catch (TemplateException)
        {
            return null;
        }
    }
}
