using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Reco.Workload.Tests")]
[assembly: InternalsVisibleTo("Reco.Bench")]
[assembly: InternalsVisibleTo("Reco.Deploy.Tests")]
