using System.Text;
using LowRank.Training.Documents;

namespace LowRank.Training.Filtering;

/// <summary>Replaces e-mail addresses, then IPv4 addresses, by stand-ins that belong to nobody; drops nothing.</summary>
/// <remarks>Stand-ins are taken in turn over all documents of one filter, as in the reference.</remarks>
internal sealed class PiiFilter : IDocumentFilter
{
    private readonly PiiOptions options;
    private readonly Dictionary<string, long> removals = [];
    private readonly StringBuilder rewritten = new();
    private int nextEmail;
    private int nextAddress;

    /// <param name="options">What is replaced, and by what.</param>
    /// <exception cref="InputException">An option means nothing.</exception>
    public PiiFilter(PiiOptions options)
    {
        var check = new FilterOption(Name);
        check.Filled(nameof(options.EmailReplacements), options.EmailReplacements);
        check.Filled(nameof(options.IpAddressReplacements), options.IpAddressReplacements);
        this.options = options;
    }

    /// <inheritdoc/>
    public string Name => "pii";

    /// <inheritdoc/>
    public bool DependsOnOrder => true;

    /// <summary>Addresses that were replaced, by kind.</summary>
    public IReadOnlyDictionary<string, long> Removals => removals;

    /// <inheritdoc/>
    public string? Apply(Document document)
    {
        if (options.ReplaceEmails)
            document.Text = ReplaceEmails(document.Text);
        if (options.ReplaceIpAddresses)
            document.Text = ReplaceIpAddresses(document.Text);
        return null;
    }

    private string ReplaceEmails(string text)
    {
        var from = 0;
        for (var at = text.IndexOf('@'); at >= 0; at = NextAfter(text, '@', at))
        {
            if (!EmailAddress.TryFind(text, at, from, out var start, out var end))
                continue;
            Replace(text, ref from, start, end, "email", Next(options.EmailReplacements, ref nextEmail));
        }

        return Finish(text, from);
    }

    private string ReplaceIpAddresses(string text)
    {
        var from = 0;
        var earliest = 0;
        for (var dot = text.IndexOf('.'); dot >= 0; dot = NextAfter(text, '.', dot))
        {
            if (dot < earliest || !IpAddress.TryFind(text, dot, earliest, out var start, out var end))
                continue;
            // What looks like an address is passed over as a whole, also where it is none.
            earliest = end;
            if (IpAddress.IsAddress(text.AsSpan(start, end - start), options.PublicIpAddressesOnly))
                Replace(text, ref from, start, end, "ip-address", Next(options.IpAddressReplacements, ref nextAddress));
        }

        return Finish(text, from);
    }

    private static int NextAfter(string text, char value, int position) => text.IndexOf(value, position + 1);

    private static string Next(IReadOnlyList<string> replacements, ref int next)
    {
        var replacement = replacements[next];
        next = (next + 1) % replacements.Count;
        return replacement;
    }

    private void Replace(string text, ref int from, int start, int end, string kind, string replacement)
    {
        if (from == 0)
            rewritten.Clear();
        rewritten.Append(text, from, start - from).Append(replacement);
        from = end;
        removals.TryGetValue(kind, out var before);
        removals[kind] = before + 1;
    }

    // Nothing was replaced if nothing was passed: an address isn't empty.
    private string Finish(string text, int from) => from == 0 ? text : rewritten.Append(text, from, text.Length - from).ToString();
}
