namespace LowRank.Generator.Model;

/// <summary>What a class says that an attribute declares, whichever attribute it is.</summary>
internal interface IDeclaration
{
    /// <summary>The attribute that declares it.</summary>
    string Attribute { get; }

    /// <summary>The class.</summary>
    TypeShape Type { get; }

    /// <summary>The properties that declare its sublayers or layers, in order.</summary>
    IEnumerable<PropertyShape> Properties { get; }

    /// <summary>Whether an attribute does not compile; the compiler has said so, and nothing can be concluded.</summary>
    bool IsIncomplete { get; }

    /// <summary>What the generated part needs the name of a member, or of the class itself, for; null for any other name.</summary>
    string? NeedForMember(string name);

    /// <summary>The same of the name of one of <see cref="Properties"/>.</summary>
    string? NeedForProperty(int index);

    /// <summary>The same of a name that nothing bears yet and no base class has.</summary>
    string? NeedForName(string name);
}
