using System.Reflection;

namespace LowRank.Training.Tests.Walls;

/// <summary>The types in what others see of a type: its bases, and the signatures of its public and protected members.</summary>
internal static class SignatureTypes
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>The types, generic ones by their definition.</summary>
    public static IEnumerable<Type> Of(Type type) =>
        type.GetInterfaces()
            .Append(type.BaseType)
            .Append(type.DeclaringType)
            .Concat(type.GetFields(Declared).Where(IsSeen).Select(field => field.FieldType))
            .Concat(type.GetConstructors(Declared).Where(IsSeen).SelectMany(Parameters))
            // Properties and events are methods, too.
            .Concat(type.GetMethods(Declared).Where(IsSeen).SelectMany(method => Parameters(method).Append(method.ReturnType)))
            .OfType<Type>()
            .SelectMany(Parts)
            .Distinct();

    private static IEnumerable<Type> Parameters(MethodBase method) =>
        method
            .GetParameters()
            .Select(parameter => parameter.ParameterType)
            .Concat(
                method.IsGenericMethod ? method.GetGenericArguments().SelectMany(argument => argument.GetGenericParameterConstraints()) : []
            );

    private static bool IsSeen(FieldInfo field) => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly;

    private static bool IsSeen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.GetElementType() is { } element)
            return Parts(element);
        return type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition()) : [type];
    }
}
