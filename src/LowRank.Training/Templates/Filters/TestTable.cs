using LowRank.Training.Templates.Values;

namespace LowRank.Training.Templates.Filters;

/// <summary>What stands behind <c>is</c>: Jinja's tests.</summary>
internal static class TestTable
{
    /// <summary>A test; null where there is none of the name. The first of its values is what is tested.</summary>
    public static Func<Arguments, bool>? Find(string name) =>
        name switch
        {
            "defined" => given => One(given, name) is not Undefined,
            "undefined" => given => One(given, name) is Undefined,
            "none" => given => One(given, name) is null,
            "string" => given => One(given, name) is string,
            "mapping" => given => One(given, name) is TemplateMap,
            "iterable" => given => One(given, name) is string or TemplateList or TemplateMap or TemplateGenerator or Undefined,
            "sequence" => given => One(given, name) is string or TemplateList or TemplateMap or Undefined,
            "number" => given => One(given, name) is long or double or bool,
            "integer" => given => One(given, name) is long,
            "float" => given => One(given, name) is double,
            "boolean" => given => One(given, name) is bool,
            "true" => given => One(given, name) is true,
            "false" => given => One(given, name) is false,
            "callable" => given => One(given, name) is TemplateFunction or Undefined,
            "odd" => given => Remainder(One(given, name), 2) == 1,
            "even" => given => Remainder(One(given, name), 2) == 0,
            "divisibleby" => given => Two(given, name) is var (value, by) && Remainder(value, Numbers.Whole(by)) == 0,
            "lower" => given => PythonText.Of(One(given, name)) is var text && text.Any(char.IsLower) && !text.Any(char.IsUpper),
            "upper" => given => PythonText.Of(One(given, name)) is var text && text.Any(char.IsUpper) && !text.Any(char.IsLower),
            "sameas" => given => Two(given, name) is var (left, right) && IsSame(left, right),
            "in" => Compares(name, "in"),
            "eq" or "equalto" or "==" => Compares(name, "=="),
            "ne" or "!=" => Compares(name, "!="),
            "lt" or "lessthan" or "<" => Compares(name, "<"),
            "le" or "<=" => Compares(name, "<="),
            "gt" or "greaterthan" or ">" => Compares(name, ">"),
            "ge" or ">=" => Compares(name, ">="),
            _ => null,
        };

    private static Func<Arguments, bool> Compares(string name, string sign) =>
        given =>
        {
            var (left, right) = Two(given, name);
            return Operators.Compare(sign, left, right);
        };

    private static object? One(Arguments given, string name) => given.Bind(name, "value")[0];

    private static (object? Left, object? Right) Two(Arguments given, string name)
    {
        var values = given.Bind(name, "value", "other");
        return values[1] == Arguments.Missing ? throw new TemplateFault($"the test '{name}' takes a value") : (values[0], values[1]);
    }

    private static long Remainder(object? value, long by) =>
        value is Undefined missing ? throw new TemplateFault(missing.What)
        : by == 0 ? throw new TemplateFault("something is divided by zero")
        : by == -1 ? 0
        : ((Numbers.Whole(value) % by) + by) % by;

    // Python has one object for each of these.
    private static bool IsSame(object? left, object? right) =>
        left is null or bool || right is null or bool
            ? left is null == right is null && left is bool == right is bool && Equals(left, right)
            : ReferenceEquals(left, right) || (left is string or long && Equals(left, right));
}
