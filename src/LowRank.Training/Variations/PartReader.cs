using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using LowRank.Generator.Model;
using LowRank.Layers;

namespace LowRank.Training.Variations;

/// <summary>Reads from the attributes of a module's class what the compiler has read from its source.</summary>
internal static class PartReader
{
    private const DynamicallyAccessedMemberTypes Members =
        DynamicallyAccessedMemberTypes.PublicConstructors
        | DynamicallyAccessedMemberTypes.PublicProperties
        | DynamicallyAccessedMemberTypes.NonPublicProperties;

    private const BindingFlags AnyProperty = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    // Declarations are data and hold no class.
    private static readonly ConcurrentDictionary<string, Type> Classes = new(StringComparer.Ordinal);

    /// <summary>What <c>[Part]</c> says on a sublayer. A compiled one has passed the rules.</summary>
    public static PartOptions Read(AttributeArguments arguments)
    {
        var type = arguments.ClassAt(0);
        Classes[type.AssemblyQualifiedName!] = type;
        return new(
            type.AssemblyQualifiedName,
            type.Name,
            BodyOf(type),
            Obstacle: null,
            typeof(IRecurrentModule).IsAssignableFrom(type),
            arguments.Text("Layers", whenMissing: "..")
        );
    }

    /// <summary>The class of a part that was read here.</summary>
    [return: DynamicallyAccessedMembers(Members)]
    [UnconditionalSuppressMessage("Trimming", "IL2073", Justification = "[Part] keeps these members of the class that it names.")]
    public static Type ClassOf(PartOptions part) => Classes[part.Type!];

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "[Part] keeps the properties of the class that it names.")]
    private static ModuleBody BodyOf(Type type)
    {
        var attributes = DeclarationReader.OfLanguage(type.GetCustomAttributesData());
        return new(
            new(type.GetProperties(AnyProperty).Select(MemberOf).OfType<ModuleMember>()),
            attributes.TryGetValue(nameof(LowRankAttribute), out var lowRank)
                ? DeclaredOptions.LowRank(new AttributeArguments(lowRank), new Target(Attribute: "LowRank"), isInModule: true)
                : null
        )
        {
            Lora = attributes.TryGetValue(nameof(LoRAAttribute), out var lora)
                ? DeclaredOptions.Lora(new AttributeArguments(lora), new Target(Attribute: "LoRA"))
                : null,
            Own = DeclaredOptions.OwnCosts(new AttributeArguments(attributes[nameof(ModuleAttribute)])),
        };
    }

    private static ModuleMember? MemberOf(PropertyInfo property)
    {
        var attributes = DeclarationReader.OfLanguage(property.GetCustomAttributesData());
        foreach (var kind in Enum.GetNames<MemberKind>())
        {
            if (attributes.TryGetValue(kind + "Attribute", out var found))
                return MemberOf(property, kind, new(found), attributes);
        }

        return null;
    }

    private static ModuleMember MemberOf(
        PropertyInfo property,
        string kind,
        AttributeArguments arguments,
        Dictionary<string, CustomAttributeData> attributes
    )
    {
        var isList = property.PropertyType.IsGenericType;
        var element = isList ? property.PropertyType.GetGenericArguments()[0] : property.PropertyType;
        var isPart = kind == nameof(MemberKind.Part);
        return new(
            new(property.Name, "", "", EquatableArray<string>.Empty, true, false, false, false, EquatableArray<string>.Empty),
            new([kind]),
            isPart ? 0 : arguments.At<int>(0),
            kind is nameof(MemberKind.Linear) or nameof(MemberKind.Embedding) ? arguments.At<int>(1) : 0,
            arguments.Named<int>("Count"),
            arguments.Named<bool>("Bias") ?? false,
            arguments.Named<double>("Epsilon") ?? 1e-5,
            "global::" + element.FullName,
            isList,
            attributes.TryGetValue(nameof(LowRankAttribute), out var lowRank)
                ? DeclaredOptions.LowRank(new AttributeArguments(lowRank), new Target(property.Name, "LowRank"), isInModule: true)
                : null,
            attributes.ContainsKey(nameof(DenseAttribute)),
            isPart ? BodyOf(element) : null,
            Cycle: null,
            IsBuildable: true
        )
        {
            Lora = attributes.TryGetValue(nameof(LoRAAttribute), out var lora)
                ? DeclaredOptions.Lora(new AttributeArguments(lora), new Target(property.Name, "LoRA"))
                : null,
        };
    }
}
