using LowRank;
foreach (var entry in ModelCatalog.Models)
    Console.WriteLine($"{entry.FullName} {entry.Cost.Parameters} {entry.Cost.ForwardFlopsPerToken} {entry.Dense?.Cost.Parameters}");
