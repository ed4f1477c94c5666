namespace LowRank.Generator.Tests.Fuzzing;

/// <summary>Documentation comments as people leave them.</summary>
internal static class OddDocumentation
{
    private static readonly string[] All =
    [
        "/// <summary>Plain.</summary>",
        "/// <summary>",
        "/// <summary>A < b & c</summary>",
        "/// <summary>See <see cref=\"Model\"/>.</summary>",
        "/// <summary>See <see cref=\"Missing\"/>.</summary>",
        "/// <summary>See <see cref=\"\"/>.</summary>",
        "/// <summary><![CDATA[ ]] > }} {0} ]]></summary>",
        "/// <inheritdoc/>",
        "/// <inheritdoc cref=\"Model\"/>",
        "/// <remarks>Own.</remarks>",
        "/** <summary>Block.</summary> */",
        "/**\n * <summary>\n * Block of lines.\n * </summary>\n */",
        "/** <summary>One\u2028two</summary> */",
        "/** <summary>One\rtwo</summary> */",
        "/** <summary>One\u0085two</summary> */",
        "/** <summary>One\u2029two</summary> */",
        "/// <summary>One&#x2028;two&#10;three</summary>",
        "/// <summary>\"quoted\" \\ {brace} $</summary>",
        "/// <summary>\u0001</summary>",
        "/// <summary>\ud83d\ude00</summary>",
        "/// <summary>*/ int x; /*</summary>",
        "/** <summary>nested /* </summary> */",
        "///",
        "/// text only",
        "/////",
        "/// <?xml version=\"1.0\"?>",
        "/// <!DOCTYPE x [<!ENTITY a \"b\">]>",
        "/// <summary>&missing;</summary>",
        "/// <!-- -- -->",
        "/// </member><member>",
        "/// <summary>one</summary>\n// plain\n/// <remarks>two</remarks>",
        "/// <see cref=\"global::LowRank.Sublayer\"/><include file=\"missing.xml\" path=\"x\"/>",
        "/// <summary>A\r/// b</summary>",
        "/// <summary>A\u2028/// b</summary>",
        "#pragma warning disable\n/// <summary>A</summary>",
        "/// <summary>A</summary>\n#if true\n/// <remarks/>\n#endif",
        "/// <param name=\"x\">x</param>",
        "/// <typeparam name=\"T\">x</typeparam>",
        "/// <summary>\ufffe</summary>",
        "/// <summary>a\tb\u000bc\u000cd</summary>",
    ];

    public static string Draw(Dice dice) => dice.Of(All);
}
