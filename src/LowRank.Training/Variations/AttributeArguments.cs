using System.Reflection;
using LowRank.Generator.Model;

namespace LowRank.Training.Variations;

/// <summary>The arguments of an attribute as they are written, so that a default is told from the same value given.</summary>
internal sealed class AttributeArguments(CustomAttributeData attribute)
{
    /// <summary>Whether no argument is given by name.</summary>
    public bool HasNoNamed => attribute.NamedArguments.Count == 0;

    /// <summary>Number of the constructor's parameters; those left out come with their defaults.</summary>
    public int Count => attribute.ConstructorArguments.Count;

    /// <summary>An argument of the constructor.</summary>
    public T At<T>(int index)
        where T : struct => Value<T>(attribute.ConstructorArguments[index].Value!);

    /// <summary>A class that is an argument of the constructor.</summary>
    public Type ClassAt(int index) => (Type)attribute.ConstructorArguments[index].Value!;

    /// <summary>An argument given by name, or null.</summary>
    public T? Named<T>(string name)
        where T : struct => Find(name) is { } value ? Value<T>(value) : null;

    /// <summary>A text given by name; <paramref name="whenMissing"/> where it isn't.</summary>
    public string? Text(string name, string whenMissing) =>
        attribute.NamedArguments.Any(argument => argument.MemberName == name) ? Find(name) as string : whenMissing;

    /// <summary>A list of numbers given by name; empty where it isn't.</summary>
    public EquatableArray<double> Numbers(string name) =>
        Find(name) is IEnumerable<CustomAttributeTypedArgument> list ? new(list.Select(item => (double)item.Value!)) : default;

    private object? Find(string name) =>
        attribute
            .NamedArguments.Where(argument => argument.MemberName == name)
            .Select(argument => argument.TypedValue.Value)
            .FirstOrDefault();

    // An enum's value comes as its underlying number.
    private static T Value<T>(object value)
        where T : struct => typeof(T).IsEnum ? (T)Enum.ToObject(typeof(T), value) : (T)value;
}
