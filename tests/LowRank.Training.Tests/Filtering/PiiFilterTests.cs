using LowRank.Training.Filtering;
using static LowRank.Training.Tests.Filtering.Filtered;

namespace LowRank.Training.Tests.Filtering;

public sealed class PiiFilterTests
{
    private static readonly PiiOptions Short = new() { EmailReplacements = ["EMAIL"], IpAddressReplacements = ["IP"] };

    [Theory]
    [InlineData("999.999.999.999.", "999.999.999.999.")]
    [InlineData("108.0.0.01", "108.0.0.01")]
    [InlineData("0.1.2.3", "0.1.2.3")]
    [InlineData("00.0000.00.00", "00.0000.00.00")]
    [InlineData("192.168.l.1", "192.168.l.1")]
    [InlineData("912.456.123.123", "912.456.123.123")]
    [InlineData(".3.3.3.0", ".IP")]
    [InlineData("163.36.107.25", "IP")]
    [InlineData("(35.88.121.75)", "(IP)")]
    [InlineData("v1.2.3.4.5.6.7.8", "vIP.IP")]
    [InlineData("999.1.2.3", "9IP")]
    [InlineData("1.2.3.456", "IP6")]
    [InlineData("1.2.3.", "1.2.3.")]
    public void Addresses_are_found(string text, string replaced) => Assert.Equal(replaced, new PiiFilter(Short).Kept(text));

    [Theory]
    [InlineData("0.255.255.255", "1.0.0.0")]
    [InlineData("10.0.0.0", "9.255.255.255")]
    [InlineData("10.255.255.255", "11.0.0.0")]
    [InlineData("100.64.0.0", "100.63.255.255")]
    [InlineData("100.127.255.255", "100.128.0.0")]
    [InlineData("127.0.0.1", "126.255.255.255")]
    [InlineData("169.254.0.0", "169.253.255.255")]
    [InlineData("172.16.0.0", "172.15.255.255")]
    [InlineData("172.31.255.255", "172.32.0.0")]
    [InlineData("192.0.0.8", "192.0.0.9")]
    [InlineData("192.0.0.11", "192.0.0.10")]
    [InlineData("192.0.2.0", "192.0.3.0")]
    [InlineData("192.168.255.255", "192.169.0.0")]
    [InlineData("198.18.0.0", "198.17.255.255")]
    [InlineData("198.19.255.255", "198.20.0.0")]
    [InlineData("198.51.100.255", "198.51.101.0")]
    [InlineData("203.0.113.0", "203.0.114.0")]
    [InlineData("240.0.0.0", "239.255.255.255")]
    [InlineData("255.255.255.255", "223.255.255.255")]
    public void Addresses_of_no_public_network_are_left_alone(string special, string other)
    {
        Assert.Equal($"{special} IP", new PiiFilter(Short).Kept($"{special} {other}"));
        Assert.Equal("IP IP", new PiiFilter(Short with { PublicIpAddressesOnly = false }).Kept($"{special} {other}"));
    }

    [Theory]
    [InlineData("name@example.com", "EMAIL")]
    [InlineData("first.last+tag@sub.example.co.jp", "EMAIL")]
    [InlineData("NAME@MYSITE.COM.", "EMAIL.")]
    [InlineData("name@[123.123.123.123]", "EMAIL")]
    [InlineData("name@[1.2.3.tag:]", "EMAIL")]
    [InlineData("name@123.123.123.123", "EMAIL")]
    [InlineData("_______@example.com", "EMAIL")]
    [InlineData("\"name\"@example.com", "\"name\"@example.com")]
    [InlineData("much.”more unusual”@example.com", "much.”more unusual”@example.com")]
    [InlineData("just”not”right@example.com", "just”not”EMAIL")]
    [InlineData("plain #@%^%#$@#$@#.com @example.com", "plain #@%^%#$@#$@#.com @example.com")]
    [InlineData("Ann <ann@example.com>", "Ann <EMAIL>")]
    [InlineData("a@b@example.com", "a@EMAIL")]
    [InlineData(".name@example.com", ".EMAIL")]
    [InlineData("name.@example.com", "name.@example.com")]
    [InlineData("a..name@example.com", "a..EMAIL")]
    [InlineData("あname@example.com", "あname@example.com")]
    [InlineData("あ-name@example.com", "あEMAIL")]
    [InlineData("name@example", "name@example")]
    [InlineData("name@-example.com", "name@-example.com")]
    [InlineData("name@example..com", "name@example..com")]
    [InlineData("name@example.com-", "EMAIL-")]
    [InlineData("name@a-.com", "name@a-.com")]
    [InlineData("name@a.b-.com", "EMAIL-.com")]
    [InlineData("!name@example.com", "!EMAIL")]
    public void Emails_are_found(string text, string replaced) => Assert.Equal(replaced, new PiiFilter(Short).Kept(text));

    [Fact]
    public void Stand_ins_are_taken_in_turn_over_all_documents()
    {
        var filter = new PiiFilter(new());
        Assert.Equal("email@example.com, firstname.lastname@example.org, email@example.com", filter.Kept("a@x.de, b@x.de, c@x.de"));
        Assert.Equal("firstname.lastname@example.org 22.214.171.124", filter.Kept("d@x.de 8.8.8.8"));
        var six = string.Join(' ', Enumerable.Repeat("8.8.4.4", 6));
        var turn = new PiiOptions().IpAddressReplacements;
        Assert.Equal(string.Join(' ', [.. turn.Skip(1), turn[0]]), filter.Kept(six));
        Assert.Equal(new Dictionary<string, long> { ["email"] = 4, ["ip-address"] = 7 }, filter.Removals);
    }

    [Fact]
    public void Each_kind_can_be_left_alone()
    {
        Assert.Equal("EMAIL 8.8.8.8", new PiiFilter(Short with { ReplaceIpAddresses = false }).Kept("a@x.de 8.8.8.8"));
        Assert.Equal("a@x.de IP", new PiiFilter(Short with { ReplaceEmails = false }).Kept("a@x.de 8.8.8.8"));
    }

    [Fact]
    public void Something_must_stand_for_what_is_replaced()
    {
        var error = Assert.Throws<InputException>(() => new PiiFilter(new() { EmailReplacements = [] }));
        Assert.Equal("emailReplacements of pii must name at least one text, and none that is empty.", error.Message);
    }
}
