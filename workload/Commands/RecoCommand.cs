using System.CommandLine;
using System.CommandLine.Help;

namespace Reco.Workload.Commands;

/// <summary>The command tree. Not a RootCommand: that one is named after the assembly, and help should say what a user types.</summary>
internal static class RecoCommand
{
    public static Command Create(CommandContext context) => new("reco", "Makes traffic for a running Reco system.")
    {
        GenerateCommand.Create(context),
        ReplayCommand.Create(context),
        PurchasesCommand.Create(context),
        DeadLettersCommand.Create(context),
        SeedDatabaseCommand.Create(context),
        EtlCommand.Create(context),
        TestBrokerCommand.Create(context),
        new HelpOption(),
    };
}
