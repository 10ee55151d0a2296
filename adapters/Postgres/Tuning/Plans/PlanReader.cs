using System.Globalization;
using System.Text.Json;

namespace Reco.Adapters.Postgres.Tuning.Plans;

/// <summary>Reads EXPLAIN's JSON, and works out what each node took by itself.</summary>
public static class PlanReader
{
    private static readonly string[] Conditions =
        ["Index Cond", "Recheck Cond", "Hash Cond", "Merge Cond", "TID Cond", "Join Filter", "Filter", "One-Time Filter", "Function Call"];

    private static readonly string[] Keys = ["Sort Key", "Presorted Key", "Group Key"];

    /// <summary>The plan of a document that EXPLAIN (FORMAT JSON) answered.</summary>
    /// <exception cref="FormatException">It is not such a document.</exception>
    public static QueryPlan Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1_024 });
            var statement = document.RootElement[0];
            return new QueryPlan
            {
                Root = SelfTimes.Apply(ReadNode(statement.GetProperty("Plan"), processes: 1)),
                PlanningMs = Number(statement, "Planning Time"),
                ExecutionMs = Number(statement, "Execution Time"),
                Json = json,
            };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException)
        {
            throw new FormatException("This is not an answer of EXPLAIN (FORMAT JSON).", exception);
        }
    }

    /// <param name="node">The node.</param>
    /// <param name="processes">Processes that run this part of the plan at the same time: the times of their loops overlap.</param>
    private static PlanNode ReadNode(JsonElement node, double processes)
    {
        var type = Text(node, "Node Type")!;
        var below = type is "Gather" or "Gather Merge" ? 1 + (Number(node, "Workers Launched") ?? 0) : processes;
        var loops = Number(node, "Actual Loops") ?? 0;
        return new PlanNode
        {
            Type = type,
            Label = Label(node, type),
            Relation = Text(node, "Relation Name"),
            Index = Text(node, "Index Name"),
            EstimatedRows = Number(node, "Plan Rows") ?? 0,
            ActualRows = Number(node, "Actual Rows"),
            Loops = loops,
            // The leader may leave the work to its workers, so there can be fewer loops than processes.
            TotalMs = Number(node, "Actual Total Time") * loops / Math.Max(1, Math.Min(processes, loops)),
            BlocksHit = Whole(node, "Shared Hit Blocks"),
            BlocksRead = Whole(node, "Shared Read Blocks"),
            TempBlocksWritten = Whole(node, "Temp Written Blocks"),
            RowsRemoved = (Number(node, "Rows Removed by Filter") ?? 0) + (Number(node, "Rows Removed by Join Filter") ?? 0),
            Details = [.. Details(node)],
            Filter = Text(node, "Filter"),
            HeapFetches = Whole(node, "Heap Fetches"),
            SpilledKilobytes = Text(node, "Sort Space Type") == "Disk" ? Whole(node, "Sort Space Used") : 0,
            HashBatches = Math.Max(Whole(node, "Hash Batches"), Whole(node, "HashAgg Batches")),
            Relationship = Text(node, "Parent Relationship"),
            SubplanName = Text(node, "Subplan Name"),
            CteName = Text(node, "CTE Name"),
            Children = node.TryGetProperty("Plans", out var children)
                ? [.. children.EnumerateArray().Select(child => ReadNode(child, below))]
                : [],
        };
    }

    private static string Label(JsonElement node, string type)
    {
        var label = type switch
        {
            "Aggregate" => Text(node, "Strategy") switch
            {
                "Hashed" => "HashAggregate",
                "Sorted" => "GroupAggregate",
                "Mixed" => "MixedAggregate",
                _ => "Aggregate",
            },
            "Nested Loop" or "Hash Join" or "Merge Join" when Text(node, "Join Type") is { } join and not "Inner" =>
                type == "Nested Loop" ? $"Nested Loop {join} Join" : type.Replace(" Join", $" {join} Join", StringComparison.Ordinal),
            _ => type,
        };
        label = Text(node, "Partial Mode") is { } mode and not "Simple" ? $"{mode} {label}" : label;
        label = node.TryGetProperty("Parallel Aware", out var parallel) && parallel.GetBoolean() ? $"Parallel {label}" : label;
        label += Text(node, "Scan Direction") == "Backward" ? " Backward" : "";
        label += Text(node, "Index Name") is { } index ? (type == "Bitmap Index Scan" ? $" on {index}" : $" using {index}") : "";
        var target = Text(node, "Relation Name") ?? Text(node, "CTE Name") ?? Text(node, "Function Name");
        var alias = Text(node, "Alias");
        return target is null ? alias is null ? label : $"{label} on {alias}"
            : alias is null || alias == target ? $"{label} on {target}"
            : $"{label} on {target} {alias}";
    }

    private static IEnumerable<string> Details(JsonElement node)
    {
        foreach (var key in Keys.Where(key => node.TryGetProperty(key, out _)))
        {
            yield return $"{key}: {string.Join(", ", node.GetProperty(key).EnumerateArray().Select(value => value.GetString()))}";
        }

        foreach (var condition in Conditions)
        {
            if (Text(node, condition) is { } text)
            {
                yield return $"{condition}: {text}";
            }
        }

        foreach (var count in (string[])["Rows Removed by Filter", "Rows Removed by Join Filter", "Heap Fetches"])
        {
            if (Number(node, count) is { } value && value > 0)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{count}: {value:0}");
            }
        }

        if (Text(node, "Sort Method") is { } method)
        {
            yield return $"Sort Method: {method}, {Whole(node, "Sort Space Used")} kB {Text(node, "Sort Space Type")?.ToLowerInvariant()}";
        }

        if (Whole(node, "Workers Planned") is > 0 and var planned)
        {
            yield return $"Workers: {planned} planned, {Whole(node, "Workers Launched")} launched";
        }
    }

    private static string? Text(JsonElement node, string name) => node.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static double? Number(JsonElement node, string name) => node.TryGetProperty(name, out var value) ? value.GetDouble() : null;

    private static long Whole(JsonElement node, string name) => (long)(Number(node, name) ?? 0);
}
