using System.CommandLine;
using System.CommandLine.Help;
using Reco.Silo.Commands;

var reco = new Command("reco", "Real-time recommendations for a shop.")
{
    UpCommand.Create(), GatewayCommand.Create(), DoctorCommand.Create(), HealthCommand.Create(), new HelpOption(),
};

// The web host answers Ctrl-C and SIGTERM itself and takes the time that its last checkpoint needs; the parser would cut it off after two seconds.
return await reco.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
