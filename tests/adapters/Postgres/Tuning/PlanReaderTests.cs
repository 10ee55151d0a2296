using Reco.Adapters.Postgres.Tuning.Plans;

namespace Reco.Adapters.Tests.Postgres.Tuning;

public sealed class PlanReaderTests
{
    /// <summary>Two workers and the leader at the same time: 3 loops of 30 ms are 30 ms of the clock.</summary>
    private const string Parallel = """
        [{"Plan": {"Node Type": "Gather", "Workers Planned": 2, "Workers Launched": 2, "Plan Rows": 5, "Actual Rows": 1662, "Actual Loops": 1,
            "Actual Total Time": 34.5, "Shared Hit Blocks": 12430, "Shared Read Blocks": 7, "Plans": [
              {"Node Type": "Seq Scan", "Parent Relationship": "Outer", "Parallel Aware": true, "Relation Name": "orders", "Alias": "o", "Plan Rows": 2,
               "Actual Rows": 554, "Actual Loops": 3, "Actual Total Time": 30.0, "Rows Removed by Filter": 399446,
               "Filter": "(((created_at AT TIME ZONE 'UTC'::text))::date = '2025-03-01'::date)"}]},
          "Planning Time": 0.4, "Execution Time": 35.1}]
        """;

    private const string Cte = """
        [{"Plan": {"Node Type": "Hash Join", "Join Type": "Inner", "Plan Rows": 10, "Actual Rows": 10, "Actual Loops": 1, "Actual Total Time": 50, "Plans": [
            {"Node Type": "Seq Scan", "Parent Relationship": "InitPlan", "Subplan Name": "CTE j", "Relation Name": "orders", "Alias": "orders",
             "Plan Rows": 100, "Actual Rows": 100, "Actual Loops": 1, "Actual Total Time": 40},
            {"Node Type": "CTE Scan", "Parent Relationship": "Outer", "CTE Name": "j", "Alias": "a", "Plan Rows": 10, "Actual Rows": 10, "Actual Loops": 1, "Actual Total Time": 43},
            {"Node Type": "CTE Scan", "Parent Relationship": "Inner", "CTE Name": "j", "Alias": "b", "Plan Rows": 10, "Actual Rows": 10, "Actual Loops": 1, "Actual Total Time": 2}]}}]
        """;

    [Fact]
    public void Read_ParallelPlan_DividesLoopsThatOverlap()
    {
        var plan = PlanReader.Read(Parallel);
        var scan = Assert.Single(plan.Root.Children);

        Assert.Equal("Parallel Seq Scan on orders o", scan.Label);
        Assert.Equal(30, scan.TotalMs!.Value, 6);
        Assert.Equal(4.5, plan.Root.SelfMs!.Value, 6);
        Assert.Same(scan, PlanFindings.Slowest(plan.Root));
        Assert.Equal((0.4, 35.1, 12430, 7), (plan.PlanningMs, plan.ExecutionMs, plan.Root.BlocksHit, plan.Root.BlocksRead));
    }

    [Fact]
    public void Read_NestedLoopInside_MultipliesLoops()
    {
        var plan = PlanReader.Read("""
            [{"Plan": {"Node Type": "Nested Loop", "Join Type": "Semi", "Plan Rows": 1, "Actual Rows": 20, "Actual Loops": 1, "Actual Total Time": 12, "Plans": [
                {"Node Type": "Seq Scan", "Parent Relationship": "Outer", "Relation Name": "u", "Plan Rows": 1, "Actual Rows": 1000, "Actual Loops": 1, "Actual Total Time": 1},
                {"Node Type": "Index Scan", "Parent Relationship": "Inner", "Index Name": "i", "Relation Name": "o", "Scan Direction": "Backward",
                 "Plan Rows": 1, "Actual Rows": 1, "Actual Loops": 1000, "Actual Total Time": 0.01}]}}]
            """);

        Assert.Equal("Nested Loop Semi Join > (Seq Scan on u, Index Scan Backward using i on o)", PlanText.Summary(plan.Root));
        Assert.Equal(10, plan.Root.Children[1].SelfMs!.Value, 6);
        Assert.Equal(1, plan.Root.SelfMs!.Value, 6);
    }

    [Fact]
    public void Read_CommonTableExpression_IsChargedOnceAndToItself()
    {
        var root = PlanReader.Read(Cte).Root;

        Assert.Equal([5, 40, 3, 2], root.Walk().Select(at => Math.Round(at.Node.SelfMs!.Value, 6)));
        Assert.Equal(root.TotalMs!.Value, root.Walk().Sum(at => at.Node.SelfMs!.Value), 6);
    }

    [Fact]
    public void Render_Plan_IsAnIndentedTreeWithConditions() =>
        Assert.Equal(
            """
            Gather  (estimated rows 5, actual 1662 x 1, self 4.5 ms, total 34.5 ms)
              Workers: 2 planned, 2 launched
                -> Parallel Seq Scan on orders o  (estimated rows 2, actual 554 x 3, self 30 ms, total 30 ms)
                     Filter: (((created_at AT TIME ZONE 'UTC'::text))::date = '2025-03-01'::date)
                     Rows Removed by Filter: 399446

            """,
            PlanText.Render(PlanReader.Read(Parallel).Root),
            ignoreLineEndingDifferences: true);

    [Fact]
    public void Misestimates_OverTenfold_AreFoundWorstFirst()
    {
        var found = PlanFindings.Misestimates(PlanReader.Read(Parallel).Root);

        Assert.Equal([332.4, 277], found.Select(one => one.Factor));
    }

    [Theory]
    [InlineData(100, 1_000, 0)] // Tenfold is not over tenfold.
    [InlineData(100, 1_001, 1)]
    [InlineData(1_001, 100, 1)]
    [InlineData(0, 9, 0)] // Estimates are never below 1.
    [InlineData(50, 0, 1)]
    public void Misestimates_AtTheEdge_CountFromOverTen(int estimated, int actual, int expected)
    {
        var plan = PlanReader.Read($$"""
            [{"Plan": {"Node Type": "Seq Scan", "Relation Name": "t", "Plan Rows": {{estimated}}, "Actual Rows": {{actual}}, "Actual Loops": 1, "Actual Total Time": 1} }]
            """);

        Assert.Equal(expected, PlanFindings.Misestimates(plan.Root).Count);
    }

    [Fact]
    public void Misestimates_NodeThatALimitStopped_IsNotOne()
    {
        const string scan = """{"Node Type": "Seq Scan", "Parent Relationship": "Outer", "Relation Name": "t", "Plan Rows": 100000, "Actual Rows": 10, "Actual Loops": 1, "Actual Total Time": 1}""";
        const string shape = """[{"Plan": {"Node Type": "Limit", "Plan Rows": 10, "Actual Rows": 10, "Actual Loops": 1, "Actual Total Time": 1, "Plans": [$]}}]""";
        var sort = $$"""{"Node Type": "Sort", "Parent Relationship": "Outer", "Plan Rows": 100000, "Actual Rows": 10, "Actual Loops": 1, "Actual Total Time": 1, "Plans": [{{scan}}]}""";

        Assert.Empty(PlanFindings.Misestimates(PlanReader.Read(shape.Replace("$", scan)).Root));
        // A sort reads everything first: below it few rows are few rows.
        Assert.Equal("Seq Scan on t", Assert.Single(PlanFindings.Misestimates(PlanReader.Read(shape.Replace("$", sort)).Root)).Node);
    }

    [Fact]
    public void Advice_FunctionOnColumn_SaysToCompareTheBareColumn() =>
        Assert.Contains(PlanAdvice.For(PlanReader.Read(Parallel).Root), one => one.Contains("computes on a column"));

    [Fact]
    public void Advice_SpillOffsetAndLoops_AreEachTold()
    {
        var advice = PlanAdvice.For(PlanReader.Read("""
            [{"Plan": {"Node Type": "Limit", "Plan Rows": 20, "Actual Rows": 20, "Actual Loops": 1, "Actual Total Time": 100, "Plans": [
                {"Node Type": "Nested Loop", "Join Type": "Inner", "Parent Relationship": "Outer", "Plan Rows": 200000, "Actual Rows": 200000, "Actual Loops": 1, "Actual Total Time": 90, "Plans": [
                    {"Node Type": "Sort", "Parent Relationship": "Outer", "Sort Key": ["a", "b"], "Sort Method": "external merge", "Sort Space Used": 9000, "Sort Space Type": "Disk",
                     "Plan Rows": 20000, "Actual Rows": 20000, "Actual Loops": 1, "Actual Total Time": 20},
                    {"Node Type": "Index Scan", "Parent Relationship": "Inner", "Index Name": "i", "Relation Name": "o", "Plan Rows": 1, "Actual Rows": 1, "Actual Loops": 20000, "Actual Total Time": 0.003}]}]}}]
            """).Root);

        Assert.Contains(advice, one => one.Contains("keyset"));
        Assert.Contains(advice, one => one.Contains("9,000 kB to disk"));
        Assert.Contains(advice, one => one.Contains("20,000 times"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[{}]")]
    [InlineData("[{\"Plan\": 5}]")]
    [InlineData("[{\"Plan\": {\"Node Type\": 7}}]")]
    public void Read_SomethingElse_IsAFormatException(string json) => Assert.Throws<FormatException>(() => PlanReader.Read(json));
}
