namespace LowRank.Training.Templates.Values;

/// <summary>How Python calls the types of values.</summary>
internal static class Kinds
{
    /// <summary>The name of a value's type.</summary>
    public static string Of(object? value) =>
        value switch
        {
            null => "NoneType",
            bool => "bool",
            long => "int",
            double => "float",
            string => "str",
            TemplateList { IsTuple: true } => "tuple",
            TemplateList => "list",
            TemplateMap => "dict",
            TemplateNamespace => "namespace",
            TemplateGenerator => "generator",
            TemplateFunction => "function",
            Undefined => "undefined value",
            LoopState => "loop",
            _ => "value",
        };
}
