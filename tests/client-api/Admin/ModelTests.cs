using System.Net;
using Reco.ClientApi.Tests.Hosting;
using Reco.GrainInterfaces;
using Reco.Testing;

namespace Reco.ClientApi.Tests.Admin;

public sealed class ModelTests
{
    [Fact]
    public async Task Model_BeforeTheFirst_IsVersion0WithWordsOnWhatToDo()
    {
        await using var host = await ApiHost.StartAsync();

        JsonAsserts.Equal(
            """
            {"version":0,"trained_at":null,"users":0,"items":0,"factors":0,"interactions":0,"seconds":0,"held_out_ndcg":null,"held_out_recall":null,
             "last_run":0,"last_outcome":"none","last_detail":"no run yet","running":false,
             "status":"There is no model yet: send events, then wait for the next run or POST /admin/retrain."}
            """,
            await host.GetAsync("/admin/model"));
    }

    [Fact]
    public async Task Model_Published_IsDescribed()
    {
        await using var host = await ApiHost.StartAsync();
        host.Grains.Model = Samples.Trained;

        JsonAsserts.Equal(
            """
            {"version":4,"trained_at":"2026-01-05T12:00:00+00:00","users":100,"items":50,"factors":32,"interactions":1000,"seconds":0.25,
             "held_out_ndcg":0.125,"held_out_recall":0.375,
             "last_run":7,"last_outcome":"too_little_data","last_detail":"too few users","running":false,"status":"Version 4 is serving."}
            """,
            await host.GetAsync("/admin/model"));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("?force=true", true)]
    public async Task Retrain_RunEnds_AnswersItsOutcomeAndModel(string query, bool force)
    {
        await using var host = await ApiHost.StartAsync();

        var answer = host.PostAsync($"/admin/retrain{query}", null);
        await Deadline.Until(() => host.Grains.Asked.Any(asked => asked.Question is "model-status"), "the run is followed");
        Assert.False(answer.IsCompleted);
        host.Grains.Model = Samples.Trained with { LastRun = 1, LastOutcome = TrainingOutcome.Published, LastDetail = "published version 4" };
        await AdvanceUntilAsync(host, answer);

        var ended = await answer;
        Assert.Equal(force, host.Grains.LastAsked<bool>());
        Assert.Equal(1, ended.GetProperty("run").GetInt64());
        Assert.True(ended.GetProperty("done").GetBoolean());
        Assert.Equal("published", ended.GetProperty("outcome").GetString());
        Assert.Equal("published version 4", ended.GetProperty("detail").GetString());
        Assert.Equal(4, ended.GetProperty("model").GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task Retrain_WithoutWaiting_IsAcceptedAtOnce()
    {
        await using var host = await ApiHost.StartAsync();

        var answer = await host.PostAsync("/admin/retrain?wait=false", null, HttpStatusCode.Accepted);

        Assert.Equal(1, answer.GetProperty("run").GetInt64());
        Assert.False(answer.GetProperty("done").GetBoolean());
        Assert.Equal("none", answer.GetProperty("outcome").GetString());
    }

    [Theory]
    [InlineData("?timeout_seconds=3", 3)]
    [InlineData("", 120)]
    public async Task Retrain_TakesTooLong_IsAcceptedAfterTheTimeout(string query, int seconds)
    {
        await using var host = await ApiHost.StartAsync();
        var started = host.Time.GetUtcNow();

        var answer = host.PostAsync($"/admin/retrain{query}", null, HttpStatusCode.Accepted);
        await AdvanceUntilAsync(host, answer);

        Assert.False((await answer).GetProperty("done").GetBoolean());
        Assert.InRange((host.Time.GetUtcNow() - started).TotalSeconds, seconds, seconds * 20);
    }

    [Theory]
    [InlineData("wait=maybe", "wait")]
    [InlineData("force=2", "force")]
    [InlineData("timeout_seconds=0", "timeout_seconds")]
    [InlineData("timeout_seconds=3601", "timeout_seconds")]
    public async Task Retrain_BadParameter_NamesItAndStartsNothing(string query, string field)
    {
        await using var host = await ApiHost.StartAsync();

        JsonAsserts.NamesField(await host.PostAsync($"/admin/retrain?{query}", null, HttpStatusCode.BadRequest), field, "must be");
        Assert.Empty(host.Grains.Asked);
    }

    [Fact]
    public async Task Retrain_ClientGoes_StopsFollowing()
    {
        await using var host = await ApiHost.StartAsync();
        using var client = new CancellationTokenSource();

        var answer = host.Client.PostAsync("/admin/retrain", null, client.Token);
        await Deadline.Until(() => host.Grains.Asked.Any(asked => asked.Question is "model-status"), "the run is followed");
        await client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer.Within("the request ends"));

        var asked = 0;
        await Deadline.Until(
            () =>
            {
                // Once it has stopped, ten poll periods bring no further question.
                asked = host.Grains.Asked.Count;
                host.Time.Advance(TimeSpan.FromSeconds(2.5));
                return Task.FromResult(asked == host.Grains.Asked.Count);
            },
            "following stops");
    }

    /// <summary>Moves the clock a poll period at a time until the answer is there.</summary>
    private static Task AdvanceUntilAsync(ApiHost host, Task answer) => Deadline.Until(
        () =>
        {
            if (!answer.IsCompleted)
            {
                host.Time.Advance(TimeSpan.FromMilliseconds(250));
            }

            return answer.IsCompleted;
        },
        "the answer to /admin/retrain");
}
