using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Reco.Adapters.Tests")]
