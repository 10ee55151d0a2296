using System.CommandLine;
using Reco.Core.Catalogue;
using Reco.Workload.Commands;

var context = new CommandContext
{
    Console = CommandContext.ConsoleOver(Console.Out),
    Error = CommandContext.ConsoleOver(Console.Error),
    Time = TimeProvider.System,
    Products = () => SeededCatalogue.Generate(),
    AdminKey = Environment.GetEnvironmentVariable("RECO_ADMIN_KEY"),
};

// The parser cancels the token on Ctrl-C and waits so long: enough to finish a request and save the progress.
return await RecoCommand.Create(context)
    .Parse(args)
    .InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(10) });
