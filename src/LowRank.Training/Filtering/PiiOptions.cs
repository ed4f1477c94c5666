namespace LowRank.Training.Filtering;

/// <summary>Which personal data is replaced, and by what.</summary>
internal sealed record PiiOptions
{
    /// <summary>Replaces e-mail addresses.</summary>
    public bool ReplaceEmails { get; init; } = true;

    /// <summary>Replaces IPv4 addresses.</summary>
    public bool ReplaceIpAddresses { get; init; } = true;

    /// <summary>Leaves addresses alone that no computer on the internet has, such as 192.168.0.1.</summary>
    public bool PublicIpAddressesOnly { get; init; } = true;

    /// <summary>What stands for e-mail addresses, taken in turn.</summary>
    public IReadOnlyList<string> EmailReplacements { get; init; } = ["email@example.com", "firstname.lastname@example.org"];

    /// <summary>What stands for IPv4 addresses, taken in turn: addresses that answered nobody when they were chosen.</summary>
    public IReadOnlyList<string> IpAddressReplacements { get; init; } =
    ["22.214.171.124", "126.96.36.199", "188.8.131.52", "184.108.40.206", "220.127.116.11", "18.104.22.168"];
}
