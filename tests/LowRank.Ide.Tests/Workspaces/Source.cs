namespace LowRank.Ide.Tests.Workspaces;

/// <summary>A model whose parts a test chooses.</summary>
internal static class Source
{
    public static string Model(
        string transformer = "vocabulary: 512, context: 64, width: 64, depth: 4",
        string attributes = "",
        string attention = "[Attention(heads: 4)]",
        string feedForward = "[FeedForward(hidden: 256)]",
        string members = ""
    ) =>
        $$"""
            using LowRank;

            namespace Declared;

            /// <summary>A model.</summary>
            [Transformer({{transformer}})]{{(attributes.Length == 0 ? "" : "\n" + attributes)}}
            public partial class Model
            {
                /// <summary>Attends.</summary>
                {{attention}}
                public partial Sublayer Attention { get; }

                /// <summary>Feeds forward.</summary>
                {{feedForward}}
                public partial Sublayer FeedForward { get; }{{(members.Length == 0 ? "" : "\n\n    " + members)}}
            }
            """;
}
