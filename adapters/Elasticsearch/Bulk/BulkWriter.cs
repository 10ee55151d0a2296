using System.Text.Json;
using Reco.Adapters.Elasticsearch.Http;

namespace Reco.Adapters.Elasticsearch.Bulk;

/// <summary>
/// Sends documents by <c>_bulk</c>. A bulk request succeeds or fails item by item: items that the server was too busy for are sent again,
/// alone and later; items that it refuses for good are reported, and stop no other.
/// </summary>
internal sealed class BulkWriter(ElasticsearchClient client, ElasticsearchOptions options, TimeProvider time)
{
    /// <summary>Whether the buffer is to be sent before more is added.</summary>
    public bool IsFull(BulkBuffer buffer) => buffer.Count >= options.BulkDocumentsMax || buffer.Bytes >= options.BulkBytesMax;

    /// <summary>Sends the buffer to an index, or to the index that an alias points to, and empties it.</summary>
    /// <param name="target">Index or alias.</param>
    /// <param name="mustBeAlias">Refuse to make an index of this name, should the alias be missing.</param>
    /// <param name="visible">Answer only when searches see the change.</param>
    /// <param name="buffer">What to send.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="ElasticsearchException">The request failed as a whole, or items were still put off after all retries.</exception>
    public async Task<BulkReport> SendAsync(
        string target, bool mustBeAlias, bool visible, BulkBuffer buffer, CancellationToken cancellationToken)
    {
        var report = new BulkReport();
        var path = $"{target}/_bulk?require_alias={(mustBeAlias ? "true" : "false")}&refresh={(visible ? "wait_for" : "false")}"
            + "&filter_path=errors,items.*.status,items.*.error";
        var pending = buffer;
        for (var retry = 0; pending.Count > 0; retry++)
        {
            var answer = await client.SendLinesAsync(path, pending.Lines, cancellationToken);
            var putOff = Sort(answer, pending, report);
            if (putOff.Count > 0)
            {
                if (retry == options.RetriesMax)
                {
                    throw new ElasticsearchException(
                        $"Elasticsearch at {options.Url} was too busy for {putOff.Count} of {buffer.Count} documents, {retry + 1} times.",
                        System.Net.HttpStatusCode.TooManyRequests);
                }

                report.Retried += putOff.Count;
                await Task.Delay(RetryDelays.Before(retry, null, options), time, cancellationToken);
            }

            pending = putOff;
        }

        buffer.Clear();
        return report;
    }

    /// <summary>Items are answered in the order in which they were sent.</summary>
    private static BulkBuffer Sort(JsonElement answer, BulkBuffer sent, BulkReport report)
    {
        var putOff = new BulkBuffer();
        var items = answer.GetProperty("items");
        if (items.GetArrayLength() != sent.Count)
        {
            throw new ElasticsearchException(
                $"Elasticsearch answered {items.GetArrayLength()} items to a bulk request of {sent.Count}.", System.Net.HttpStatusCode.OK);
        }

        var number = 0;
        foreach (var item in items.EnumerateArray())
        {
            var action = item.EnumerateObject().Single();
            var status = action.Value.GetProperty("status").GetInt32();
            var one = sent.Items[number++];
            if (status is >= 200 and < 300 || (status == 404 && action.NameEquals("delete")))
            {
                report.Taken++;
            }
            else if (status is 429 or 503)
            {
                putOff.Add(sent, one);
            }
            else
            {
                var reason = action.Value.TryGetProperty("error", out var error) ? ErrorBody.Read(error).Reason : "no reason given";
                report.Refuse(new BulkRefusal(one.Id, status, reason));
            }
        }

        return putOff;
    }
}
