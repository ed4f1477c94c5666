namespace LowRank.Training.Templates.Values;

/// <summary>What a name stands for that nobody has set: empty as text, false as a condition, an error in all other use.</summary>
/// <param name="what">What is said of it in an error, such as <c>'tools' is undefined</c>.</param>
internal sealed class Undefined(string what)
{
    /// <summary>What is said of it in an error.</summary>
    public string What => what;
}
