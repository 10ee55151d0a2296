using System.Globalization;
using Reco.Workload.Purchases.Messages;

namespace Reco.Workload.Commands;

/// <summary>What became of the rows, in words.</summary>
internal static class PurchaseTallyText
{
    public static IEnumerable<string> Lines(PurchaseTally tally)
    {
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{tally.Rows} rows read, {tally.Kept} kept: {tally.Returns} returns, {tally.WithoutCustomer} without a customer, "
            + $"{tally.DescriptionsFilled} descriptions filled, {tally.DescriptionsEmpty} left empty.");
        foreach (var (reason, count) in tally.RefusedByReason())
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"  refused {reason}: {count}");
        }

        foreach (var row in tally.BadRows)
        {
            yield return $"  {row}";
        }
    }
}
