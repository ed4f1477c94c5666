using LowRank.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LowRank.Generator.Parsing;

/// <summary>Reads the arguments of one attribute by name. An argument that does not compile makes the reader incomplete.</summary>
internal sealed class AttributeReader(AttributeData attribute) : IAttributeArguments
{
    /// <summary>Whether an argument was missing or did not compile. The compiler reports it; nothing is to be said beside that.</summary>
    public bool IsIncomplete { get; private set; } = attribute.AttributeConstructor is null;

    /// <inheritdoc/>
    public bool IsBare =>
        attribute.NamedArguments.IsEmpty
        && attribute.AttributeConstructor is not null
        && attribute.ApplicationSyntaxReference?.GetSyntax() is AttributeSyntax { ArgumentList: null or { Arguments.Count: 0 } };

    /// <inheritdoc/>
    public int Count => attribute.AttributeConstructor?.Parameters.Length ?? 0;

    /// <inheritdoc/>
    public T Argument<T>(int index, string name)
        where T : struct => Argument<T>(name);

    /// <summary>An argument of the constructor.</summary>
    public T Argument<T>(string name)
        where T : struct
    {
        var parameters = attribute.AttributeConstructor?.Parameters ?? [];
        for (var i = 0; i < parameters.Length && i < attribute.ConstructorArguments.Length; i++)
        {
            if (parameters[i].Name == name && Convert<T>(attribute.ConstructorArguments[i]) is { } value)
                return value;
        }

        IsIncomplete = true;
        return default;
    }

    /// <summary>A class that is an argument of the constructor; null where there is none, or it does not compile.</summary>
    public INamedTypeSymbol? Class(string name)
    {
        var parameters = attribute.AttributeConstructor?.Parameters ?? [];
        for (var i = 0; i < parameters.Length && i < attribute.ConstructorArguments.Length; i++)
        {
            if (parameters[i].Name != name)
                continue;
            if (
                attribute.ConstructorArguments[i] is
                { Kind: TypedConstantKind.Type, Value: INamedTypeSymbol and not IErrorTypeSymbol } constant
            )
                return (INamedTypeSymbol)constant.Value;
            IsIncomplete |= attribute.ConstructorArguments[i] is { Kind: TypedConstantKind.Error } or { Value: IErrorTypeSymbol };
        }

        return null;
    }

    /// <inheritdoc/>
    public T? Named<T>(string name)
        where T : struct
    {
        foreach (var argument in attribute.NamedArguments)
        {
            if (argument.Key == name)
            {
                var value = Convert<T>(argument.Value);
                IsIncomplete |= value is null;
                return value;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public EquatableArray<double> Numbers(string name)
    {
        foreach (var argument in attribute.NamedArguments)
        {
            if (argument.Key != name)
                continue;
            if (argument.Value is not { Kind: TypedConstantKind.Array, IsNull: false } list)
            {
                IsIncomplete |= argument.Value.Kind == TypedConstantKind.Error;
                return default;
            }

            var values = list.Values.Select(Convert<double>).ToList();
            IsIncomplete |= values.Contains(null);
            return new(values.Select(value => value ?? 0));
        }

        return default;
    }

    /// <summary>Whether an argument is written out; of another assembly's attributes nobody knows.</summary>
    public bool IsWritten(string name)
    {
        if ((attribute.ApplicationSyntaxReference?.GetSyntax() as AttributeSyntax)?.ArgumentList is not { Arguments: var arguments })
            return false;
        var parameters = attribute.AttributeConstructor?.Parameters ?? [];
        for (var i = 0; i < arguments.Count; i++)
        {
            if (SourceMark.NameOf(arguments[i], i < parameters.Length ? parameters[i].Name : null) == name)
                return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public string? Text(string name, string whenMissing)
    {
        foreach (var argument in attribute.NamedArguments)
        {
            if (argument.Key != name)
                continue;
            IsIncomplete |= argument.Value.Kind == TypedConstantKind.Error;
            return argument.Value.Value as string;
        }

        return whenMissing;
    }

    private static T? Convert<T>(TypedConstant constant)
        where T : struct
    {
        if (constant.Kind == TypedConstantKind.Error || constant.Value is null)
            return null;
        // An enum's constant comes as its underlying number.
        if (typeof(T).IsEnum)
            return constant is { Kind: TypedConstantKind.Enum, Value: int number } ? (T)Enum.ToObject(typeof(T), number) : null;
        return constant.Value as T?;
    }
}
