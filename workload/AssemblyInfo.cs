using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Reco.Workload.Tests")]
