using System.Text.Json;
using LowRank.Costs;
using LowRank.Training.Json;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>Limits of a budget as JSON.</summary>
internal static class BudgetJson
{
    /// <summary>Writes them under a key.</summary>
    public static void Write(Utf8JsonWriter json, string key, IEnumerable<BudgetLine> limits)
    {
        json.WriteStartArray(key);
        foreach (var limit in limits)
        {
            json.WriteStartObject();
            json.WriteString("quantity", limit.Quantity);
            json.WriteDigits("amount", limit.Amount);
            json.WriteDigits("limit", limit.Limit);
            json.WriteBoolean("exceeded", limit.IsExceeded);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
