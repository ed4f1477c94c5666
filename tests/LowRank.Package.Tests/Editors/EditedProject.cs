using LowRank.Package.Tests.Consumers;

namespace LowRank.Package.Tests.Editors;

/// <summary>A project as somebody has it open: one model that is wrong, one in order, and a use of its costs.</summary>
internal static class EditedProject
{
    public const string File = "Models.cs";

    public const string Source = """
        using LowRank;

        namespace Edited;

        /// <summary>Its heads do not divide its width.</summary>
        [Transformer(vocabulary: 512, context: 64, width: 64, depth: 4)]
        public partial class Wrong
        {
            [Attention(heads: 7)]
            public partial Sublayer Attention { get; }
        }

        /// <summary>Reads a text.</summary>
        [Transformer(vocabulary: 512, context: 64, width: 64, depth: 4)]
        public partial class Reader
        {
            [FeedForward(hidden: 256)]
            [LowRank(rank: 20)]
            public partial Sublayer FeedForward { get; }
        }

        public static class Use
        {
            public static long Parameters => Reader.Cost.Parameters;
        }
        """;

    public static ConsumerProject Create(PackedFeed feed, string name) =>
        new(feed, name, "Library", ConsumerProject.Reference("LowRank", feed), (File, Source));
}
