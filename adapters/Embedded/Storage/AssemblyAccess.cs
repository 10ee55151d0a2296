using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Reco.Adapters.Tests")]
[assembly: InternalsVisibleTo("Reco.Bench")]
