namespace LowRank.Training.Wording;

/// <summary>
/// An option within a sentence, by its property. <see cref="InputException.Naming"/> keeps it apart from the words around it, so that the
/// command line can say its flag instead, and an experiment its key.
/// </summary>
/// <param name="Property">The property's name.</param>
internal readonly record struct OptionName(string Property)
{
    /// <inheritdoc/>
    public override string ToString() => Property;
}
