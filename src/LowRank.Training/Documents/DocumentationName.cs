namespace LowRank.Training.Documents;

/// <summary>Names in documentation files, such as <c>M:System.String.Format(System.String,System.Object)</c>.</summary>
internal static class DocumentationName
{
    /// <summary>How a reader would write the thing: <c>String</c> for a type, <c>String.Format</c> for a member.</summary>
    public static string Short(string reference)
    {
        var name = Path(reference, out var kind);
        if (kind is 'N' or '!')
            return name;

        var parts = name.Split('.');
        var last = Plain(parts[^1]);
        if (kind is 'T' or ' ' || parts.Length == 1)
            return last;

        var type = Plain(parts[^2]);
        return last is "#ctor" or "#cctor" ? type : $"{type}.{last}";
    }

    /// <summary>The full name of the type that a member belongs to, or of the type itself.</summary>
    public static string DeclaringType(string reference)
    {
        var name = Path(reference, out var kind);
        var end = kind == 'T' ? -1 : name.LastIndexOf('.');
        return end < 0 ? name : name[..end];
    }

    /// <summary>The dotted name without its kind, parameters and type arguments.</summary>
    private static string Path(string reference, out char kind)
    {
        var marked = reference.Length > 2 && reference[1] == ':';
        kind = marked ? reference[0] : ' ';
        var name = marked ? reference[2..] : reference;
        var end = name.AsSpan().IndexOfAny("({*%");
        return end < 0 ? name : name[..end];
    }

    private static string Plain(string part)
    {
        // `1 counts type parameters; # stands for the dots in the name of an explicit implementation.
        var arity = part.IndexOf('`', StringComparison.Ordinal);
        var name = arity < 0 ? part : part[..arity];
        var hash = name.LastIndexOf('#');
        return hash <= 0 ? name : name[(hash + 1)..];
    }
}
