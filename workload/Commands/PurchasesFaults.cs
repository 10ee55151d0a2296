using Reco.Core.Ports;
using Reco.Workload.Purchases.Consuming;
using Reco.Workload.Purchases.Producing;
using Spectre.Console;

namespace Reco.Workload.Commands;

/// <summary>What can go wrong with Kafka, in a sentence and an exit code.</summary>
internal static class PurchasesFaults
{
    public static Task<int> RunPurchasesAsync(this CommandContext context, Func<Task<int>> work, CancellationToken cancellationToken) =>
        context.RunAsync(
            async () =>
            {
                try
                {
                    return await work();
                }
                catch (PurchaseDeliveryException fault)
                {
                    context.Error.WriteLine(fault.Message);
                    return ExitCode.ServerUnavailable;
                }
                catch (EventLogException fault)
                {
                    // librdkafka cannot be loaded, or nothing answers.
                    context.Error.WriteLine(fault.Message);
                    return ExitCode.ServerUnavailable;
                }
                catch (PurchaseStateException fault)
                {
                    context.Error.WriteLine(fault.Message);
                    return ExitCode.FileRefused;
                }
            },
            cancellationToken);
}
