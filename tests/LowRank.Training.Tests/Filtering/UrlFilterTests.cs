using LowRank.Training.Filtering;

namespace LowRank.Training.Tests.Filtering;

public sealed class UrlFilterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("https://blocked.com/page?with=stuff", "domain")]
    [InlineData("https://hey.danger.org/page", "domain")]
    [InlineData("http://www.DANGER.org:8080/page", "domain")]
    [InlineData("http://user:pw@www.danger.org./page", "domain")]
    [InlineData("//www.danger.org", "domain")]
    [InlineData("danger.org/page", "domain")]
    [InlineData("https://nice.com/page?u=https://blocked.com", null)]
    [InlineData("https://bad.nice.com/page", "subdomain")]
    [InlineData("https://more.bad.nice.com/page", null)]
    [InlineData("https://blocke.dcom/page", null)]
    [InlineData("https://x.wrong.co.uk/page", "domain")]
    [InlineData("https://1.2.3.4/page", "subdomain")]
    [InlineData("https://9.1.2.3.4/page", null)]
    public void Hosts_are_looked_up_by_registered_domain_and_whole(string url, string? reason)
    {
        var filter = Filter(
            new() { Domains = [Write("domains", "blocked.com\n# danger.com\n\n danger.org \nBad.nice.com\nwrong.co.uk\n1.2.3.4\nco.uk")] }
        );
        Assert.Equal(reason, filter.Reason("", url));
    }

    [Fact]
    public void Addresses_are_looked_up_as_they_are()
    {
        var filter = Filter(new() { Urls = [Write("urls", "http://a.com/x\n"), Write("more", "http://b.com/y")] });
        Assert.Equal("url", filter.Reason("", "http://a.com/x"));
        Assert.Equal("url", filter.Reason("", "http://b.com/y"));
        Assert.Null(filter.Reason("", "http://a.com/X"));
    }

    [Theory]
    [InlineData("http://a.com/poker", "hard_blacklisted")]
    [InlineData("http://poker.com", "hard_blacklisted")]
    [InlineData("http://a.com/Poker", null)]
    [InlineData("http://a.com/pokers", null)]
    [InlineData("http://a.com/win-win-win", null)]
    [InlineData("http://win.com/a_bet", "soft_blacklisted")]
    [InlineData("http://win.com/xbonusx", "blacklisted_subword")]
    [InlineData("http://a.com/Bo-NU.s", "blacklisted_subword")]
    [InlineData("http://bonus.com/poker", "hard_blacklisted")]
    public void Words_and_pieces_of_an_address_are_looked_up(string url, string? reason)
    {
        var filter = Filter(
            new()
            {
                Words = [Write("words", "Po-ker\n---\n")],
                SoftWords = [Write("soft", "win\nbet\nwin")],
                Subwords = [Write("pieces", "Bo nus")],
            }
        );
        Assert.Equal(reason, filter.Reason("", url));
    }

    [Fact]
    public void Soft_words_count_from_a_threshold_on()
    {
        var soft = Write("soft", "win\nbet\ngame");
        Assert.Null(Filter(new() { SoftWords = [soft], SoftWordThreshold = 3 }).Reason("", "http://win.com/bet/win"));
        Assert.Equal("soft_blacklisted", Filter(new() { SoftWords = [soft], SoftWordThreshold = 3 }).Reason("", "http://win.com/bet/game"));
        Assert.Equal("soft_blacklisted", Filter(new() { SoftWords = [soft], SoftWordThreshold = 1 }).Reason("", "http://win.com/"));
    }

    [Fact]
    public void A_document_without_address_is_kept() => Assert.Null(Filter(new() { Words = [Write("words", "a")] }).Reason("", null));

    [Theory]
    [InlineData("www.example.com", "example.com")]
    [InlineData("example.com", "example.com")]
    [InlineData("com", "")]
    [InlineData("a.b.example.co.uk", "example.co.uk")]
    [InlineData("co.uk", "")]
    [InlineData("a.b.city.kawasaki.jp", "city.kawasaki.jp")]
    [InlineData("a.b.kawasaki.jp", "a.b.kawasaki.jp")]
    [InlineData("b.kawasaki.jp", "")]
    [InlineData("x.github.io", "github.io")]
    [InlineData("www.beispiel.unbekannt", "")]
    [InlineData("a.xn--55qx5d.cn", "a.xn--55qx5d.cn")]
    [InlineData("a.公司.cn", "a.公司.cn")]
    public void Registered_domains_follow_a_list_of_public_suffixes(string host, string domain)
    {
        var suffixes = PublicSuffixes.Read(
            Write(
                "suffixes",
                "// a comment\ncom\nuk\nco.uk\njp\n*.kawasaki.jp\n!city.kawasaki.jp\nio\ncn\n公司.cn rest\n// ===BEGIN PRIVATE DOMAINS===\ngithub.io\n"
            )
        );
        Assert.Equal(domain, suffixes.RegisteredDomain(host).ToString());
    }

    [Theory]
    [InlineData("www.example.com", "example.com")]
    [InlineData("a.b.example.co.uk", "example.co.uk")]
    [InlineData("www.example.de", "example.de")]
    [InlineData("co.uk", "")]
    [InlineData("com.example", "com.example")]
    [InlineData("localhost", "")]
    [InlineData("10.0.0.1", "")]
    [InlineData("[::1]", "")]
    [InlineData("", "")]
    public void Without_a_list_they_follow_what_is_common(string host, string domain) =>
        Assert.Equal(domain, PublicSuffixes.Common.RegisteredDomain(host).ToString());

    [Fact]
    public void Lists_may_be_compressed()
    {
        var path = Path.Combine(folder.Path, "domains.gz");
        using (var file = new System.IO.Compression.GZipStream(File.Create(path), System.IO.Compression.CompressionLevel.Fastest))
            file.Write("a.com\r\nb.com"u8);
        Assert.Equal("domain", Filter(new() { Domains = [path] }).Reason("", "http://www.b.com"));
    }

    [Fact]
    public void What_cannot_be_used_is_refused()
    {
        var missing = Path.Combine(folder.Path, "missing");
        Assert.Contains(
            missing,
            Assert.ThrowsAny<InputException>(() => Filter(new() { Urls = [missing] })).Message,
            StringComparison.Ordinal
        );
        var empty = Write("empty", "// nothing\n");
        var error = Assert.Throws<InputException>(() => Filter(new() { PublicSuffixes = empty }));
        Assert.Equal($"'{empty}' holds no public suffix. Give a list in the format of publicsuffix.org, or none.", error.Message);
        error = Assert.Throws<InputException>(() => Filter(new() { SoftWordThreshold = 0 }));
        Assert.Equal("softWordThreshold of url is 0, and must be at least 1.", error.Message);
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(folder.Path, name);
        File.WriteAllText(path, content);
        return path;
    }

    private static UrlFilter Filter(UrlFilterOptions options) => new(UrlLists.Of(options));
}
