namespace LowRank.Training.Templates.Values;

/// <summary>What can be called: a macro, a method, or a function of the language.</summary>
/// <param name="name">Its name.</param>
/// <param name="body">What it does.</param>
internal sealed class TemplateFunction(string name, Func<Arguments, object?> body)
{
    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>Calls it.</summary>
    public object? Call(Arguments arguments) => body(arguments);
}
