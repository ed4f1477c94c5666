using System.Globalization;

namespace LowRank.Training.Wording;

/// <summary>Writes a sentence that holds <see cref="OptionName"/>s, also within sentences that are parts of it.</summary>
internal static class OptionSentence
{
    /// <summary>The sentence with the names that a reader knows.</summary>
    /// <param name="sentence">The sentence; numbers are written whatever the machine's culture.</param>
    /// <param name="name">What an option of this property is called.</param>
    public static string Write(FormattableString sentence, Func<string, string> name) =>
        string.Format(CultureInfo.InvariantCulture, sentence.Format, [.. sentence.GetArguments().Select(part => Say(part, name))]);

    /// <summary>Several parts of a sentence as one: <c>a; b; c</c>.</summary>
    public static FormattableString Join(string separator, IReadOnlyList<FormattableString> parts) =>
        System.Runtime.CompilerServices.FormattableStringFactory.Create(
            string.Join(separator, Enumerable.Range(0, parts.Count).Select(number => $"{{{number}}}")),
            [.. parts]
        );

    private static object? Say(object? part, Func<string, string> name) =>
        part switch
        {
            OptionName option => name(option.Property),
            FormattableString inner => Write(inner, name),
            _ => part,
        };
}
