using Reco.Adapters.Postgres.Tuning.Measuring;

namespace Reco.Adapters.Postgres.Tuning.Experiments;

/// <summary>Users of whom an order of a certain week was sent back: the question in five forms.</summary>
internal static class SubqueryForms
{
    public static async Task<FormsComparison> RunAsync(LabSession session, CancellationToken cancellationToken)
    {
        var day = (await OrderSpan.ReadAsync(session, cancellationToken)).MiddleDay;
        var week = $"o.created_at >= {SqlText.Timestamp(day)} AND o.created_at < {SqlText.Timestamp(day.AddDays(7))} AND o.status = 'returned'";
        const string users = "SELECT u.user_id, u.name FROM users u";
        var measured = await session.MeasureAsync(
            ordered: false,
            cancellationToken,
            new QueryForm("IN", $"{users} WHERE u.user_id IN (SELECT o.user_id FROM orders o WHERE {week})"),
            new QueryForm("EXISTS", $"{users} WHERE EXISTS (SELECT 1 FROM orders o WHERE o.user_id = u.user_id AND {week})"),
            new QueryForm("JOIN and DISTINCT", $"SELECT DISTINCT u.user_id, u.name FROM users u JOIN orders o ON o.user_id = u.user_id WHERE {week}"),
            new QueryForm("LATERAL with LIMIT 1", $"{users} CROSS JOIN LATERAL (SELECT 1 FROM orders o WHERE o.user_id = u.user_id AND {week} LIMIT 1) AS any_order"),
            new QueryForm("correlated count", $"{users} WHERE (SELECT count(*) FROM orders o WHERE o.user_id = u.user_id AND {week}) > 0"));
        return FormsComparison.Of("subquery_optimization", measured, best => best.Name switch
        {
            "IN" or "EXISTS" => "the planner turns it into a semi-join that starts from the week's orders and stops at the first match",
            "JOIN and DISTINCT" => "it starts from the week's orders, and there are few to make distinct",
            _ => "looking up each user's orders by the index costs little here",
        }) with
        {
            Notes = ["IN and EXISTS are the same semi-join to the planner; LATERAL and the correlated count ask the index on (user_id, created_at) once for every user."],
        };
    }
}
