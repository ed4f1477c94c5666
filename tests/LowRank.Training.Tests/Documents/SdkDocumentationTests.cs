using System.Text;
using LowRank.Training.Documents;

namespace LowRank.Training.Tests.Documents;

public sealed class SdkDocumentationTests : IDisposable
{
    private const string Core = "packs/Microsoft.NETCore.App.Ref";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Markup_goes_references_become_names_and_white_space_is_folded() =>
        Assert.Equal(
            ["Formats value as a String, or returns null.\nSee List.Add, List and String.Empty; [T] of T: x < y.\nThe value."],
            Read(
                """
                <member name="M:N.A.Format(System.Object)">
                  <summary>
                    Formats <paramref name="value" /> as a
                      <see cref="T:System.String" />, or returns <see langword="null" />.
                  </summary>
                  <remarks><para>See <see cref="M:System.Collections.Generic.List`1.Add(`0)" />,
                    <see cref="M:System.Collections.Generic.List`1.#ctor(System.Int32)">List</see> and <see cref="F:System.String.Empty"/>;
                    <c>[T]</c> of <typeparamref name="T"/>: <code>x &lt; y</code>.</para></remarks>
                  <param name="value">The value.</param>
                </member>
                """
            )
        );

    [Fact]
    public void A_document_is_what_is_said_about_one_type() =>
        Assert.Equal(
            ["A type.\n\nGets it.\n\nDoes it.\nThe result.", "Another."],
            Read(
                """
                <member name="T:N.A"><summary>A type.</summary></member>
                <member name="P:N.A.It"><summary>Gets it.</summary></member>
                <member name="M:N.A.Do(N.B)"><summary>Does it.</summary><returns>The result.</returns></member>
                <member name="T:N.B"><summary>Another.</summary></member>
                """
            )
        );

    [Fact]
    public void A_paragraph_counts_once_and_one_without_a_letter_never() =>
        Assert.Equal(
            ["First.\n\nSame words.", "Second."],
            Read(
                """
                <member name="T:N.A"><summary>First.</summary></member>
                <member name="M:N.A.Do"><param name="x">Same words.</param><param name="y">Same  words.</param><returns>-1.</returns></member>
                <member name="T:N.B"><summary>Second.</summary><remarks>Same words.</remarks></member>
                <member name="T:N.C"><summary>Same words.</summary><inheritdoc /><seealso cref="T:N.A">See this.</seealso></member>
                <member name="T:N.D" />
                """
            )
        );

    [Fact]
    public void Rows_of_lists_are_paragraphs() =>
        Assert.Equal(
            ["One of:\n-1: x is less than y.\nZero: They are equal."],
            Read(
                """
                <member name="T:N.A"><returns>One of:
                  <list type="table">
                    <listheader><term>Value</term><description>Condition</description></listheader>
                    <item><term> -1</term><description><paramref name="x"/> is less than <paramref name="y"/>.</description></item>
                    <item><term>Zero</term><description>They are equal.</description></item>
                  </list></returns></member>
                """
            )
        );

    [Theory]
    [InlineData("T:System.Collections.Generic.Dictionary`2", "Dictionary")]
    [InlineData("M:System.String.#ctor(System.Char[])", "String")]
    [InlineData("M:N.A.N#I#Do(System.Int32)", "A.Do")]
    [InlineData("P:N.A.Item(System.Int32)", "A.Item")]
    [InlineData("N:System.Text", "System.Text")]
    [InlineData("System.IAsyncResult", "IAsyncResult")]
    [InlineData("T", "T")]
    [InlineData("!:Some text", "Some text")]
    [InlineData("M:N.A`1.Do``1(``0)", "A.Do")]
    public void References_are_named_as_a_reader_would(string reference, string name) =>
        Assert.Equal(name, DocumentationName.Short(reference));

    [Theory]
    [InlineData("10.0.9", "10.0.12", "10.0.2")]
    [InlineData("9.0.0", "10.0.0", "10.0.0-rc.2.1")]
    [InlineData("10.0.0-rc.2.1", "10.0.0-rc.10.1", "10.0.0-preview.7")]
    public void The_highest_version_is_taken(string lower, string highest, string other)
    {
        foreach (var version in (string[])[lower, highest, other])
            Add($"{Core}/{version}/ref/net10.0/A.xml", $"""<member name="T:N.A"><summary>Version {version}.</summary></member>""");

        Assert.Equal([$"Version {highest}."], Documents());
    }

    [Fact]
    public void Files_come_in_ordinal_order_and_only_from_packs_that_every_system_has()
    {
        Add($"{Core}/10.0.0/ref/net10.0/b.xml", """<member name="T:N.B"><summary>Core b.</summary></member>""");
        Add($"{Core}/10.0.0/ref/net10.0/Z.xml", """<member name="T:N.Z"><summary>Core Z.</summary></member>""");
        Add($"{Core}/10.0.0/ref/net10.0/de/b.xml", """<member name="T:N.B"><summary>Deutsch.</summary></member>""");
        Add($"{Core}/10.0.0/data/FrameworkList.xml", """<member name="T:N.F"><summary>No documentation.</summary></member>""");
        Add("packs/Microsoft.AspNetCore.App.Ref/10.0.0/ref/net10.0/W.xml", """<member name="T:N.W"><summary>Web.</summary></member>""");
        Add(
            "packs/Microsoft.WindowsDesktop.App.Ref/10.0.0/ref/net10.0/D.xml",
            """<member name="T:N.D"><summary>Desktop.</summary></member>"""
        );

        Assert.Equal(["Web.", "Core Z.", "Core b."], Documents());
    }

    [Fact]
    public void Line_ends_do_not_matter()
    {
        var unix = Add($"{Core}/10.0.0/ref/net10.0/A.xml", "<member name=\"T:N.A\"><summary>One\n two.</summary></member>");
        var expected = Documents();
        File.WriteAllText(unix, File.ReadAllText(unix).Replace("\n", "\r\n", StringComparison.Ordinal));

        Assert.Equal(expected, Documents());
    }

    [Fact]
    public void An_installation_without_documentation_says_where_it_was_sought_and_the_way_out()
    {
        Directory.CreateDirectory(folder.Under("packs", "Microsoft.NETCore.App.Ref", "10.0.0", "ref", "net10.0"));

        var error = Assert.Throws<InputException>(() => new SdkDocumentation(folder.Path));

        Assert.Contains($"was not found under '{folder.Path}'", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("or give text of your own with TextPaths.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_file_is_named()
    {
        var path = folder.Write($"{Core}/10.0.0/ref/net10.0/A.xml", "<doc><members><member name=\"T:A\"><summary>Cut");

        Assert.StartsWith($"The documentation file '{path}' is damaged:", Assert.Throws<InputException>(Documents).Message);
    }

    [Fact]
    public void This_machine_s_SDK_has_ten_megabytes_of_distinct_prose()
    {
        IDocumentSource documentation = SdkDocumentation.Find();
        string[] documents = [.. documentation.ReadDocuments().Select(Encoding.UTF8.GetString)];

        Assert.StartsWith("API documentation of the .NET SDK (Microsoft.", documentation.Description, StringComparison.Ordinal);
        Assert.InRange(documents.Sum(document => (long)document.Length), 7_000_000, 14_000_000);
        Assert.InRange(documents.Length, 4_000, 15_000);
        string[] paragraphs = [.. documents.SelectMany(document => document.Split('\n', StringSplitOptions.RemoveEmptyEntries))];
        Assert.Equal(paragraphs.Length, paragraphs.Distinct(StringComparer.Ordinal).Count());
        Assert.DoesNotContain(
            paragraphs,
            paragraph => paragraph.Contains("<see", StringComparison.Ordinal) || paragraph.Contains("  ", StringComparison.Ordinal)
        );
    }

    private string Add(string path, string members) =>
        folder.Write(
            path,
            $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<doc><assembly><name>A</name></assembly><members>\n{members}\n</members></doc>"
        );

    private string[] Read(string members)
    {
        Add($"{Core}/10.0.0/ref/net10.0/A.xml", members);
        return Documents();
    }

    private string[] Documents() =>
        [.. ((IDocumentSource)new SdkDocumentation(folder.Path)).ReadDocuments().Select(Encoding.UTF8.GetString)];
}
