using Reco.Workload.Purchases.Messages;

namespace Reco.Workload.Tests.Purchases;

/// <summary>Files and what is read from them.</summary>
internal static class PurchaseFiles
{
    /// <summary>The real data set, which the repository does not ship; null when it is not beside it.</summary>
    public static string? FindOnlineRetail()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "shared", "data", "online-retail.csv.gz");
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }

    /// <summary>Copies of every message; a batch is reused.</summary>
    public static async Task<List<(byte[] Key, byte[] Value, ulong Tag)>> ReadAll(IPurchaseSource source)
    {
        var messages = new List<(byte[], byte[], ulong)>();
        await foreach (var batch in source.ReadAsync(TestContext.Current.CancellationToken))
        {
            for (var i = 0; i < batch.Count; i++)
            {
                messages.Add((batch.KeyOf(i).ToArray(), batch.ValueOf(i).ToArray(), batch.Messages[i].Tag));
            }
        }

        return messages;
    }
}
