namespace LowRank.Generator.Model;

/// <summary>The arguments of one attribute, read by the compiler from source or by a program from a compiled class.</summary>
internal interface IAttributeArguments
{
    /// <summary>Whether no argument is given.</summary>
    bool IsBare { get; }

    /// <summary>Number of parameters of the constructor that is called.</summary>
    int Count { get; }

    /// <summary>An argument of the constructor, or its default.</summary>
    /// <param name="index">The parameter's place.</param>
    /// <param name="name">Its name.</param>
    T Argument<T>(int index, string name)
        where T : struct;

    /// <summary>A named argument, or null where it is left out.</summary>
    T? Named<T>(string name)
        where T : struct;

    /// <summary>A named text; <paramref name="whenMissing"/> where it is left out, null where it is written as null.</summary>
    string? Text(string name, string whenMissing);

    /// <summary>A named list of numbers; empty where it is left out.</summary>
    EquatableArray<double> Numbers(string name);

    /// <summary>Whether an argument is known to be written out, even if with its default.</summary>
    bool IsWritten(string name);
}
