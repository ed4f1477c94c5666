using System.Reflection;
using LowRank.Generator.Model;

namespace LowRank.Training.Variations;

/// <summary>The arguments of an attribute as they are written, so that a default is told from the same value given.</summary>
internal sealed class AttributeArguments(CustomAttributeData attribute) : IAttributeArguments
{
    /// <summary>
    /// Whether no argument is given, as far as that can be seen: what is left out of a constructor comes with its default. Of the language
    /// <c>[LowRank]</c> alone can be bare, and its one parameter then, phaseOut, is refused where it is written by itself.
    /// </summary>
    public bool IsBare => attribute.NamedArguments.Count == 0 && Count < 2;

    /// <inheritdoc/>
    public int Count => attribute.ConstructorArguments.Count;

    /// <inheritdoc/>
    public T Argument<T>(int index, string name)
        where T : struct => At<T>(index);

    /// <summary>An argument of the constructor.</summary>
    public T At<T>(int index)
        where T : struct => Value<T>(attribute.ConstructorArguments[index].Value!);

    /// <summary>A class that is an argument of the constructor.</summary>
    public Type ClassAt(int index) => (Type)attribute.ConstructorArguments[index].Value!;

    /// <inheritdoc/>
    public T? Named<T>(string name)
        where T : struct => Find(name) is { } value ? Value<T>(value) : null;

    /// <inheritdoc/>
    public string? Text(string name, string whenMissing) =>
        attribute.NamedArguments.Any(argument => argument.MemberName == name) ? Find(name) as string : whenMissing;

    /// <inheritdoc/>
    public EquatableArray<double> Numbers(string name) =>
        Find(name) is IEnumerable<CustomAttributeTypedArgument> list ? new(list.Select(item => (double)item.Value!)) : default;

    /// <summary>Never: of what is idle the compiler has warned where it is declared, and no variation writes another argument.</summary>
    public bool IsWritten(string name) => false;

    private object? Find(string name) =>
        attribute
            .NamedArguments.Where(argument => argument.MemberName == name)
            .Select(argument => argument.TypedValue.Value)
            .FirstOrDefault();

    // An enum's value comes as its underlying number.
    private static T Value<T>(object value)
        where T : struct => typeof(T).IsEnum ? (T)Enum.ToObject(typeof(T), value) : (T)value;
}
