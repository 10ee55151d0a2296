using System.CommandLine;
using System.CommandLine.Help;
using Reco.Silo.Commands;

var reco = new Command("reco", "Real-time recommendations for a shop.") { UpCommand.Create(), new HelpOption() };
return await reco.Parse(args).InvokeAsync();
