using LowRank.Generator.Benchmarks;

var json = false;
var only = "";
for (var i = 0; i < args.Length; i++)
{
    if (args[i] == "--json")
    {
        json = true;
    }
    else if (args[i] == "--only" && i + 1 < args.Length)
    {
        only = args[++i];
    }
    else
    {
        Console.Error.WriteLine(
            "Measures what the generator costs in a compiler and an editor. --json prints the figures as JSON; --only TEXT measures what is named so."
        );
        return 1;
    }
}

var figures = Suite.Measure(only, figure => Console.Error.WriteLine($"{figure.Name}: {figure.Median:0.00} {figure.Unit}"));
Console.WriteLine(json ? FigureFile.Write(figures) : MarkdownReport.Write(figures, FigureFile.Baseline()));
return 0;
