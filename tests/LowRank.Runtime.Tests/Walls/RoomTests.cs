using LowRank.Models;
using LowRank.Tests.Walls;

namespace LowRank.Runtime.Tests.Walls;

/// <summary>The folders of the library look in one direction: each knows those before it alone.</summary>
public sealed class RoomTests
{
    private static readonly string[] Rooms =
    [
        "Native",
        "Dispatch",
        "Declarations",
        "Costs",
        "Cuda",
        "Kernels",
        "Reparameterization",
        "Layers",
        "Decoding",
        "Blocks",
        "Models",
        "Catalog",
    ];

    // Whoever declares a model, or lists what is declared, needs one namespace: LowRank.
    private static readonly RoomOrder Order = new(typeof(LanguageModel).Assembly, "LowRank", Rooms)
    {
        RootRoom = "Declarations",
        Exceptions =
        {
            ["LowRank.Sublayer"] = "Models",
            ["LowRank.ModelEntry"] = "Catalog",
            ["LowRank.ModelCatalog"] = "Catalog",
            ["LowRank.HiddenModel"] = "Catalog",
        },
    };

    public static TheoryData<string> AllRooms => [.. Rooms];

    [Theory]
    [MemberData(nameof(AllRooms))]
    public void A_room_knows_only_those_before_it(string room) => Order.AssertLooksBack(room);

    [Fact]
    public void Every_type_stands_in_a_room() => Order.AssertNoneIsHomeless();

    [Fact]
    public void A_room_that_looks_back_is_noticed()
    {
        // The rule itself: models do know the layers, and what is listed knows the declared sublayers.
        Assert.Contains(typeof(LanguageModel), Order.Knowing(new HashSet<string> { "Layers" }));
        Assert.Contains(typeof(DeclaredTransformer), Order.Knowing(new HashSet<string> { "Models" }));
    }
}
