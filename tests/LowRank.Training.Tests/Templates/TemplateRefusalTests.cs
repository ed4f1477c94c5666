using LowRank.Training.Templates;

namespace LowRank.Training.Tests.Templates;

/// <summary>What no template may do, or is not supported: said by name, with line and column.</summary>
public sealed class TemplateRefusalTests
{
    [Theory]
    [InlineData("a\n  {% include 'x' %}", "line 2, column 6: the tag 'include' is unknown here, or not supported")]
    [InlineData("{{ x | urlize }}", "line 1, column 8: the filter 'urlize' is not supported")]
    [InlineData("{{ x is fancy }}", "line 1, column 9: the test 'fancy' is not supported")]
    [InlineData("{% if x %}", "'endif' is missing at the end of the template")]
    [InlineData("{% for x in y %}{% endif %}", "the tag 'endif' is unknown here")]
    [InlineData("{% for x in y recursive %}{% endfor %}", "a 'recursive' loop is not supported")]
    [InlineData("{{ x", "a tag '{{' has no end '}}'")]
    [InlineData("{% if x }}", "there is a '}' without its opening one")]
    [InlineData("{% if %}", "a value is expected")]
    [InlineData("{# x", "a comment '{#' has no end '#}'")]
    [InlineData("{{ 'x }}", "a string has no closing quote")]
    [InlineData("{{ (1 }}", "there is a '}' without its opening one")]
    [InlineData("{{ (1 2) }}", "')' is expected, and '2' is there")]
    [InlineData("{{ range(*1) }}", "a value of the type int has no elements")]
    [InlineData("{{ range(1, **messages) }}", "a dictionary is needed behind '**'")]
    [InlineData("{{ 1 ! 2 }}", "'!' means nothing here")]
    [InlineData("{{ 0x1 }}", "is no number that is read here")]
    [InlineData("{{ 99999999999999999999 }}", "a number is beyond 64 bits")]
    [InlineData("{{ '\\N{BULLET}' }}", "an escape that is not read")]
    [InlineData("{% break %}", "'break' stands in no loop")]
    [InlineData("{% set none = 1 %}", "'none' is no name that can be set")]
    [InlineData("{{ x is defined is string }}", "a test can't follow a test")]
    [InlineData("{% raw %}x", "'raw' has no 'endraw'")]
    [InlineData("{{ lipsum() }}", "the function 'lipsum' is not supported")]
    [InlineData("{{ messages.append(1) }}", "the method 'append' would change a list")]
    [InlineData("{{ a.b.c }}", "'a' is undefined")]
    [InlineData("\n{{ 'x' + 1 }}", "line 2, column 8: a str and a int can't be joined by '+'")]
    [InlineData("{{ 1 // 0 }}", "something is divided by zero")]
    [InlineData("{{ raise_exception('roles must alternate') }}", "the template refuses the conversation: roles must alternate")]
    [InlineData("{{ x() }}", "'x' is undefined, and can't be called")]
    [InlineData("{{ messages() }}", "a list can't be called")]
    [InlineData("{{ 'a' < 1 }}", "is neither less nor more than")]
    [InlineData("{{ range(0, 3, 0) }}", "the step of a range is 0")]
    [InlineData("{% set a, b = [1] %}", "2 names are set at once, and there are 1 values")]
    [InlineData("{% set a.b = 1 %}", "'a' is no namespace")]
    [InlineData("{{ messages | length + undefined_name }}", "'undefined_name' is undefined")]
    [InlineData("{{ range | tojson }}", "a function can't be written as JSON")]
    [InlineData("{{ {[1]: 2} }}", "a list can't be a key")]
    [InlineData("{% macro m() %}{% generation %}x{% endgeneration %}{% endmacro %}{{ m() }}", "a generation block stands within a macro")]
    [InlineData("{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}", "m takes at most 1 values, not 2")]
    [InlineData("{% macro m(a) %}{% endmacro %}{{ m(b=2) }}", "m has no parameter 'b'")]
    [InlineData("{{ strftime_now('%Q') }}", "the part '%Q' of a time is not read")]
    public void It_is_said_where_and_what(string source, string part)
    {
        var names = new Dictionary<string, object?> { ["messages"] = new LowRank.Training.Templates.Values.TemplateList([]) };
        var refused = Assert.Throws<TemplateException>(() => Template.Parse("the template", source).Render(names));
        Assert.StartsWith("the template: line ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(part, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{% set l = range(9999) %}{% for a in l %}{% for b in l %}{% endfor %}{% endfor %}", "steps")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "too deeply")]
    [InlineData("{{ 'x' * 999999999 }}", "more text than")]
    [InlineData("{{ range(999999999) | length }}", "a list of more than")]
    [InlineData("{{ ('x' * 9999999) | list }}", "a list of more than")]
    [InlineData("{% set ns = namespace(x='x') %}{% for i in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}", "more text than")]
    [InlineData("{% for i in range(9999) %}{{ 'y' * 9999 }}{% endfor %}", "more text than")]
    [InlineData("{% set ns = namespace(x=[]) %}{% for i in range(99999) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}", "too deeply")]
    [InlineData("{{ 'x' | indent(999999999, true) }}", "more text than")]
    [InlineData("{{ 'x'.ljust(999999999) }}", "more text than")]
    [InlineData("{{ 2 ** 999999999 }}", "beyond 64 bits")]
    [InlineData("{{ ('a' * 9999).replace('', 'b' * 9999) }}", "more text than")]
    public void It_takes_neither_forever_nor_all_memory(string source, string part)
    {
        var refused = Assert.Throws<TemplateException>(() => Template.Parse("the template", source).Render([]));
        Assert.Contains(part, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{ ", "(")]
    [InlineData("{{ ", "[")]
    [InlineData("{{ ", "not ")]
    [InlineData("{{ ", "-")]
    [InlineData("", "{% if x %}")]
    [InlineData("{{ x", ".a(")]
    public void Nesting_ends_with_a_message(string before, string nested)
    {
        var source = before + string.Concat(Enumerable.Repeat(nested, 100_000));
        var refused = Assert.Throws<TemplateException>(() => Template.Parse("the template", source).Render([]));
        Assert.StartsWith("the template: line 1, column ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_generation_blocks_write_is_known_by_its_place()
    {
        const string Source = "{% for m in [1, 2] %}a{% generation %}b{{ m }}{% endgeneration %}\n{% endfor %}";
        var rendered = Template.Parse("the template", Source).Render([]);
        Assert.Equal("ab1ab2", rendered.Text);
        Assert.Equal([(1, 3), (4, 6)], rendered.Generated);
    }

    [Fact]
    public void A_time_is_written_in_English()
    {
        var text = Template.Parse("the template", "{{ strftime_now('%d %b %Y') }}").Render([]).Text;
        Assert.Matches("^[0-9]{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) 20[0-9]{2}$", text);
    }
}
