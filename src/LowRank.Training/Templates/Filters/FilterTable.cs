using LowRank.Training.Templates.Values;

namespace LowRank.Training.Templates.Filters;

/// <summary>What stands behind <c>|</c>: Jinja's filters, of which those that make HTML and pages are left out.</summary>
internal static class FilterTable
{
    /// <summary>A filter; null where there is none of the name. The first of its values is what it is applied to.</summary>
    public static Func<Arguments, Budget, object?>? Find(string name) =>
        name switch
        {
            "trim" => TextFilters.Trim,
            "upper" => (given, _) => TextFilters.Text(given, name).ToUpperInvariant(),
            "lower" => (given, _) => TextFilters.Text(given, name).ToLowerInvariant(),
            "title" => (given, _) => TextFilters.Title(TextFilters.Text(given, name)),
            "capitalize" => (given, _) => TextMethods.Capitalize(TextFilters.Text(given, name)),
            "string" or "safe" => (given, _) => TextFilters.Text(given, name),
            "replace" => TextFilters.Replace,
            "indent" => TextFilters.Indent,
            "tojson" => TextFilters.Json,
            "format" => TextFilters.Format,
            "wordcount" => (given, _) => (long)TextFilters.Words(TextFilters.Text(given, name)),
            "int" => NumberFilters.Whole,
            "float" => NumberFilters.Real,
            "abs" => NumberFilters.Absolute,
            "round" => NumberFilters.Round,
            "default" or "d" => ListFilters.Default,
            "length" or "count" => (given, _) => Sequences.Length(given.Bind(name, "value")[0]),
            "first" => ListFilters.First,
            "last" => ListFilters.Last,
            "list" => (given, budget) => new TemplateList(Sequences.All(given.Bind(name, "value")[0], budget)),
            "items" => ListFilters.Items,
            "join" => ListFilters.Join,
            "reverse" => ListFilters.Reverse,
            "sort" => ListFilters.Sort,
            "unique" => ListFilters.Unique,
            "sum" => ListFilters.Sum,
            "min" => (given, budget) => ListFilters.Extreme(given, budget, name, sign: -1),
            "max" => (given, budget) => ListFilters.Extreme(given, budget, name, sign: 1),
            "dictsort" => ListFilters.SortMap,
            "map" => SelectionFilters.Map,
            "select" => (given, budget) => SelectionFilters.Select(given, budget, byAttribute: false, keep: true),
            "reject" => (given, budget) => SelectionFilters.Select(given, budget, byAttribute: false, keep: false),
            "selectattr" => (given, budget) => SelectionFilters.Select(given, budget, byAttribute: true, keep: true),
            "rejectattr" => (given, budget) => SelectionFilters.Select(given, budget, byAttribute: true, keep: false),
            _ => null,
        };
}
