using System.Xml.Linq;
using LowRank.Costs;
using LowRank.Training.CommandLine;

namespace LowRank.Training.Tests.CommandLine;

public sealed class DiagramTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public DiagramTests()
    {
        ModelCatalog.Register(Model("Drawn", parallel: false));
        ModelCatalog.Register(Model("DrawnParallel", parallel: true));
    }

    [Fact]
    public async Task A_mermaid_diagram_has_equal_blocks_once_and_all_parts_in_order()
    {
        var (code, output, error) = await App.Run(["describe", "Drawn", "--diagram", "mermaid"]);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(
            """
            flowchart TB
              g0b0["<b>Embedding</b><br/>Tokens 8→4<br/>32 parameters, 16.0 % of all"]
              subgraph g1["blocks 0, 2"]
                g1b0["<b>Attend</b><br/>10 parameters × 4, 20.0 % of all"]
                g1b1["<b>Feed</b><br/>Up, Down 4→4 by rank 1<br/>20 parameters × 2, 20.0 % of all"]:::factored
              end
              subgraph g2["blocks 1, 3"]
                g2b0["<b>Attend</b><br/>10 parameters × 4, 20.0 % of all"]
              end
              g3b0["<b>A #quot;#lt;b#gt;#quot; head</b><br/>88 parameters, 44.0 % of all"]
              tokens([tokens]) --> g0b0 --> g1b0 --> g1b1 --> g2b0 --> g3b0 --> logits([logits])
              classDef factored stroke-width:3px

            """.ReplaceLineEndings("\n"),
            output
        );
    }

    [Fact]
    public async Task Sublayers_beside_one_another_are_drawn_so()
    {
        var (_, output, _) = await App.Run(["describe", "DrawnParallel", "--diagram", "Mermaid"]);
        Assert.Contains("g0b0 --> g1b0 & g1b1 --> g2b0", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_is_well_formed_and_holds_every_box_within_its_size()
    {
        var (code, output, error) = await App.Run(["describe", "Drawn", "--diagram", "svg"]);
        Assert.Equal((0, ""), (code, error));
        var picture = XElement.Parse(output);
        var (width, height) = ((int)picture.Attribute("width")!, (int)picture.Attribute("height")!);
        var boxes = picture.Elements(Svg + "rect").ToList();
        Assert.Equal(7, boxes.Count);
        Assert.All(
            boxes,
            box =>
            {
                Assert.InRange((int)box.Attribute("x")! + (int)box.Attribute("width")!, 1, width);
                Assert.InRange((int)box.Attribute("y")! + (int)box.Attribute("height")!, 1, height);
            }
        );
        Assert.Contains(picture.Elements(Svg + "text"), text => text.Value == "A \"<b>\" head");
    }

    [Theory]
    [InlineData("--diagram takes mermaid or svg, not 'png'.", "png")]
    [InlineData("--diagram and --json each print a document of their own; leave one out.", "svg", "--json")]
    public async Task What_can_not_be_drawn_is_said(string message, params string[] options)
    {
        var (code, output, error) = await App.Run(["describe", "Drawn", "--diagram", .. options]);
        Assert.Equal((ExitCode.WrongInput, "", message), (code, output, error.TrimEnd()));
    }

    [Fact]
    public async Task A_model_of_a_billion_blocks_is_refused_at_once()
    {
        var entry = Model("Deep", parallel: false);
        var deep = entry.Cost.Sublayers[1] with { Count = 1_000_000_000, Stride = 1 };
        ModelCatalog.Register(entry with { Cost = entry.Cost with { Sublayers = [deep] } });
        var (code, _, error) = await App.Run(["describe", "Deep", "--diagram", "svg"]);
        Assert.Equal((ExitCode.WrongInput, "Deep has more blocks than can be drawn; at most 4096 can."), (code, error.TrimEnd()));
    }

    private static ModelEntry Model(string name, bool parallel) =>
        new(
            name,
            "Tests." + name,
            "",
            new ModelCost(
                name,
                16,
                200,
                100,
                0,
                [
                    new("Embedding", "embedding", 0, 1, 0, 32, 0, 0, 0, 0, 0) { Weights = [new("Tokens", 8, 4, 0)] },
                    new("Attend", "attention", 0, 4, 0, 10, 0, 5, 1, 5, 0),
                    new("Feed", "feed-forward", 0, 2, 1, 20, 0, 5, 0, 5, 0)
                    {
                        Stride = 2,
                        Weights = [new("Up", 4, 4, 1), new("Down", 4, 4, 1)],
                    },
                    new("A \"<b>\" head", "head", 0, 1, 0, 88, 0, 70, 0, 70, 0),
                ],
                [],
                null
            )
            {
                ParallelResidual = parallel,
            },
            _ => throw new NotSupportedException()
        );
}
